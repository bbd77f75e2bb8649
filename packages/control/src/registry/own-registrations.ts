import { type Clock, LateenError, type Logger, type Timer, type Watched, whenValue } from '@lateen/core';
import type { InstanceDescription, Registration } from '@lateen/discovery';
import type { ControlHttp } from '../http/control-http.ts';
import { API_LIMITS, API_PATHS, checkInstance, instanceKey, type RegisterBody } from '../wire.ts';

export interface OwnRegistrationsOptions {
  readonly http: Watched<ControlHttp | undefined>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** lateend had forgotten an instance that is told again now. */
  onReregistered(instance: InstanceDescription): void;
}

/** Said again now and then, should lateend and we have come to differ unnoticed. */
const REFRESH_MS = 30_000;
const MARGIN_MS = 500;

/** What this process has in the registry, and the care that it stays there. */
export class OwnRegistrations {
  readonly #options: OwnRegistrationsOptions;
  readonly #own = new Map<string, InstanceDescription>();
  /** Calls go one after the other: a renewal must not overtake the deregistration it was sent before. */
  #queue: Promise<unknown> = Promise.resolve();
  #timer: Timer | undefined;
  #warned = false;

  constructor(options: OwnRegistrationsOptions) {
    this.#options = options;
  }

  /** Waits for the certificate, then registers. Rejects with `LATEEN_REGISTER_REFUSED` or `LATEEN_CONTROL_UNREACHABLE`. */
  async register(instance: InstanceDescription): Promise<Registration> {
    await whenValue(this.#options.http, (http) => http !== undefined);
    await this.#inTurn(() => this.#put(instance));
    const key = instanceKey(instance);
    this.#own.set(key, instance);
    this.#timer ??= this.#planRefresh();
    const { deregisterAckMs, maxDeregisterAckMs } = API_LIMITS;
    return {
      deregister: (options) => this.#deregister(key, Math.min(options?.ackTimeoutMs ?? deregisterAckMs, maxDeregisterAckMs)),
    };
  }

  /** Registers again what `present` lacks or tells differently. */
  reconcile(present: Iterable<InstanceDescription>): void {
    const known = new Map([...present].map((instance) => [instanceKey(instance), instance]));
    for (const [key, own] of this.#own) {
      const there = known.get(key);
      if (!there || there.address !== own.address || there.port !== own.port || there.admin !== own.admin) this.#again(own);
    }
  }

  /** Registers again those of `keys` that are ours: lateend gave them up while we live. */
  reclaim(keys: readonly string[]): void {
    for (const key of keys) {
      const own = this.#own.get(key);
      if (own) this.#again(own);
    }
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    await Promise.all([...this.#own.keys()].map((key) => this.#deregister(key, 0)));
  }

  #again(instance: InstanceDescription): void {
    this.#inTurn(async () => {
      if (!this.#own.has(instanceKey(instance))) return;
      await this.#put(instance);
      this.#options.onReregistered(instance);
    }).catch((error) => this.#options.logger.error(`${instance.instance} is not in the registry: ${(error as Error).message}`));
  }

  #planRefresh(): Timer {
    return this.#options.clock.setTimeout(() => {
      for (const [key, instance] of this.#own) {
        this.#inTurn(async () => void (this.#own.has(key) && (await this.#put(instance)))).catch((error) =>
          this.#options.logger.debug(`the lease of ${instance.instance} was not renewed: ${(error as Error).message}`),
        );
      }
      this.#timer = this.#planRefresh();
    }, REFRESH_MS);
  }

  #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const turn = this.#queue.then(task);
    this.#queue = turn.catch(() => {});
    return turn;
  }

  async #put(instance: InstanceDescription): Promise<void> {
    const { service, address, port, servicePort, portName, tls, protocols, weight, locality, admin } = instance;
    const body: RegisterBody = { service, address, port, servicePort, portName, tls, protocols, weight, locality, admin };
    const reply = await this.#http().call({ method: 'PUT', path: instancePath(instance), body });
    this.#compareLabels(instance, checkInstance(reply.body, ''));
  }

  /** The certificate's labels count. Where the process says others of itself, traffic would not go where its operator thinks. */
  #compareLabels(own: InstanceDescription, registered: InstanceDescription): void {
    const other = Object.keys(own.labels).filter((label) => own.labels[label] !== registered.labels[label]);
    if (other.length === 0 || this.#warned) return;
    this.#warned = true;
    const list = other
      .map((label) => `${label}=${own.labels[label]} (certificate: ${registered.labels[label] ?? 'none'})`)
      .join(', ');
    this.#options.logger.warn(
      `peers do not see these labels of ${own.instance}: ${list}; make the join token with the labels it needs`,
    );
  }

  async #deregister(key: string, ackTimeoutMs: number): Promise<void> {
    const instance = this.#own.get(key);
    this.#own.delete(key);
    if (!instance) return;
    const path = `${instancePath(instance)}?servicePort=${instance.servicePort}&ackTimeoutMs=${ackTimeoutMs}`;
    try {
      await this.#inTurn(() => this.#http().call({ method: 'DELETE', path, timeoutMs: ackTimeoutMs + MARGIN_MS }));
    } catch (error) {
      this.#options.logger.debug(`${instance.instance} leaves the registry when its lease runs out: ${(error as Error).message}`);
    }
  }

  #http(): ControlHttp {
    const http = this.#options.http.value;
    if (http) return http;
    throw new LateenError('LATEEN_CONTROL_UNREACHABLE', 'there is no certificate to speak to lateend with yet');
  }
}

function instancePath({ instance }: InstanceDescription): string {
  return API_PATHS.instances + encodeURIComponent(instance);
}
