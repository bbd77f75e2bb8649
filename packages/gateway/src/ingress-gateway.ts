import { Cell, isLateenError, type Timer } from '@lateen/core';
import { createClient, type ExplainInput, type Explanation } from '@lateen/client';
import type { Revision } from '@lateen/resources';
import { pathNormalization } from '@lateen/routing';
import { type Foundation, layFoundation, type MeshSettings } from 'lateen/foundation';
import type { Gateway } from './gateway.ts';
import { gatewayPorts } from './gateway-ports.ts';
import { type BoundPort, PortSet } from './port-set.ts';

/** How long until what failed is tried again: a port that was taken, a Secret or file that was missing. */
const RETRY_MS = 1_000;
/** How often certificates in files are looked at: whoever renews them writes over them. */
const REREAD_MS = 10_000;

export interface BindOptions {
  readonly host: string;
  readonly portOffset: number;
}

/** The gateway: a process's foundation, and ports that follow its configuration. */
export class IngressGateway implements Gateway {
  readonly ready: Promise<void>;
  readonly metrics: Gateway['metrics'];
  readonly adminAddress: string;
  readonly #foundation: Foundation;
  readonly #ports: PortSet;
  /** Why not all ports are open; undefined when they are. */
  readonly #problem: Cell<string | undefined>;
  readonly #unsubscribe: () => void;
  #retry: Timer | undefined;
  /** What was said last, so that a port that stays taken is not told every second. */
  #reported = '';
  #draining: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  /** @throws LateenError where {@link createGateway} does. */
  static async start(settings: MeshSettings, bind: BindOptions): Promise<IngressGateway> {
    const problem = new Cell<string | undefined>(undefined);
    const foundation = await layFoundation(settings, [{ name: 'ports', problem }]);
    const gateway = new IngressGateway(foundation, bind, problem);
    const failures = await gateway.#open(foundation.config.revision.value);
    const fatal = failures.find((failure) => isLateenError(failure) && failure.code === 'LATEEN_PORT_IN_USE');
    if (!fatal) {
      gateway.#lookAgain(failures);
      return gateway;
    }
    await gateway.close();
    throw fatal;
  }

  private constructor(foundation: Foundation, { host, portOffset }: BindOptions, problem: Cell<string | undefined>) {
    const { clientOptions, clock, config, readiness, settings } = foundation;
    this.#foundation = foundation;
    this.#problem = problem;
    this.#ports = new PortSet({
      host,
      portOffset,
      drainTimeoutMs: settings.drainTimeoutMs,
      settings: {
        clock,
        tracing: clientOptions.tracing,
        accessLog: clientOptions.accessLog,
        defaults: settings.defaults,
        pathNormalization: pathNormalization(settings.meshConfig) ?? 'BASE',
        trustedProxies: settings.meshConfig.defaultConfig?.gatewayTopology?.numTrustedProxies ?? 0,
      },
      logger: settings.logger,
      createClient: (gateways, gatewayPort, gatewayServer) =>
        createClient({
          ...clientOptions,
          self: { ...clientOptions.self, labels: settings.labels },
          gateways,
          gatewayPort,
          ...(gatewayServer === undefined ? {} : { gatewayServer }),
        }),
    });
    this.metrics = clientOptions.metrics;
    this.adminAddress = foundation.adminAddress();
    this.ready = readiness.ready;
    this.#unsubscribe = config.revision.subscribe((revision) => void this.#follow(revision));
    foundation.showOnAdmin({
      routes: () => this.#ports.clients.flatMap((client) => client.routes()),
      clusters: () => this.#ports.clients[0]?.clusters() ?? [],
      explain: (input) => this.#explain(input),
    });
  }

  get ports(): readonly BoundPort[] {
    return this.#ports.bound;
  }

  drain({ timeoutMs = this.#foundation.settings.drainTimeoutMs }: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#draining ??= this.#drain(timeoutMs);
    return this.#draining;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** A port that is taken while the gateway runs is no reason to end: it is said, and tried again. */
  async #follow(revision: Revision): Promise<void> {
    this.#retry?.cancel();
    this.#lookAgain(await this.#open(revision));
  }

  /** Tells what failed, once, and comes back for it; and for certificates in files, in any case. */
  #lookAgain(failures: readonly Error[]): void {
    const { clock, config, settings } = this.#foundation;
    const report = failures.map(({ message }) => message).join('\n');
    if (report !== '' && report !== this.#reported) settings.logger.error(report);
    this.#reported = report;
    if (this.#closing || this.#draining || (failures.length === 0 && !this.#ports.usesFiles)) return;
    const delayMs = failures.length > 0 ? RETRY_MS : REREAD_MS;
    this.#retry = clock.setTimeout(() => void this.#follow(config.revision.value), delayMs);
  }

  async #open(revision: Revision): Promise<readonly Error[]> {
    const wanted = gatewayPorts(revision, this.#foundation.settings);
    const missing = wanted.filter(({ port }) => !this.#ports.bound.some((bound) => bound.port === port));
    if (missing.length > 0) this.#problem.set(`port ${missing.map(({ port }) => port).join(', ')} is not open yet`);
    const failures = await this.#ports.follow(wanted);
    this.#problem.set(failures[0]?.message);
    return failures;
  }

  #explain(input: ExplainInput): Explanation {
    const { port } = new URL(input.url);
    const client = this.#ports.clientFor(Number(port || 80));
    if (!client) throw new Error('no Gateway in force asks for a port, so nothing can come in');
    return client.explain(input);
  }

  async #drain(timeoutMs: number): Promise<void> {
    const { readiness, settings } = this.#foundation;
    settings.logger.info(`draining, at most ${timeoutMs / 1_000} s`);
    readiness.startDraining();
    this.#unsubscribe();
    await this.#ports.drain(timeoutMs);
    await this.close();
  }

  async #close(): Promise<void> {
    const { clientOptions, control, admin, readiness, closers } = this.#foundation;
    this.#unsubscribe();
    this.#retry?.cancel();
    await Promise.all([this.#ports.close(), clientOptions.tracing.shutdown()]);
    await control?.close();
    admin?.close();
    readiness.close();
    for (const close of closers) await close();
  }
}
