import { type Clock, LateenError, type Logger, type Random, sleep, type Timer } from '@lateen/core';
import type { InstanceDescription, Registration } from '../registry.ts';
import { spiffeId } from '../service-host.ts';
import { type ConsulClient, ConsulFailure, type ConsulRegistration } from './consul-client.ts';
import { toRegistration } from './consul-instance.ts';

export interface OwnRegistrationsOptions {
  readonly client: ConsulClient;
  /** Before the services' names in Consul. */
  readonly prefix: string;
  /** The SPIFFE ID of the process; undefined when it has none. */
  ownId(): string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Consul had forgotten an instance that was registered again. */
  onReregistered(instance: string): void;
}

/** Without a sign of life for so long an instance is critical to Consul, and nobody calls it. */
export const LEASE_MS = 15_000;
/** Consul does not tell who has heard; peers on a busy agent hear of a change within this time. */
const NOTICE_MS = 500;
const DEREGISTER_TIMEOUT_MS = 1_000;

/** What this process has in Consul: renewed at a third of the lease, registered again when Consul has forgotten it. */
export class OwnRegistrations {
  readonly #options: OwnRegistrationsOptions;
  readonly #leases = new Set<Lease>();

  constructor(options: OwnRegistrationsOptions) {
    this.#options = options;
  }

  /** @throws {LateenError} `LATEEN_REGISTER_REFUSED`, `LATEEN_CONSUL_UNREACHABLE` */
  async register(instance: InstanceDescription): Promise<Registration> {
    const { client, prefix, ownId, clock } = this.#options;
    const registration = toRegistration(instance, { prefix }, identityOf(instance, ownId()), LEASE_MS);
    await client.register(registration).catch((error: ConsulFailure) => {
      throw registrationError(error, instance);
    });
    const lease = new Lease(registration, this.#options);
    this.#leases.add(lease);
    return {
      deregister: async ({ ackTimeoutMs = 1_000 } = {}) => {
        if (!this.#leases.delete(lease)) return;
        const gone = await lease.end();
        if (gone) await sleep(clock, Math.min(NOTICE_MS, ackTimeoutMs));
      },
    };
  }

  /** Consul is back, perhaps with an empty memory. */
  renewNow(): void {
    for (const lease of this.#leases) lease.renewNow();
  }

  async close(): Promise<void> {
    const leases = [...this.#leases];
    this.#leases.clear();
    await Promise.all(leases.map((lease) => lease.end()));
  }
}

/** One registered instance and its signs of life. */
class Lease {
  readonly #registration: ConsulRegistration;
  readonly #options: OwnRegistrationsOptions;
  #timer: Timer | undefined;
  #ended = false;
  #renewing = false;

  constructor(registration: ConsulRegistration, options: OwnRegistrationsOptions) {
    this.#registration = registration;
    this.#options = options;
    this.#plan();
  }

  renewNow(): void {
    if (this.#renewing || this.#ended) return;
    this.#renewing = true;
    this.#timer?.cancel();
    void this.#renew().finally(() => {
      this.#renewing = false;
      this.#plan();
    });
  }

  /** Whether Consul took it out. Never rejects: with Consul gone the lease runs out by itself. */
  async end(): Promise<boolean> {
    const { client, logger } = this.#options;
    this.#ended = true;
    this.#timer?.cancel();
    try {
      await client.deregister(this.#registration.id, DEREGISTER_TIMEOUT_MS);
      return true;
    } catch (error) {
      logger.debug(`${this.#registration.id} leaves Consul when its lease runs out: ${(error as Error).message}`);
      return false;
    }
  }

  #plan(): void {
    if (this.#ended) return;
    const { clock, random } = this.#options;
    this.#timer = clock.setTimeout(() => this.renewNow(), (LEASE_MS / 3) * (0.9 + random.next() / 10));
  }

  async #renew(): Promise<void> {
    const { client, logger, onReregistered } = this.#options;
    const { id } = this.#registration;
    try {
      const known = await this.#pass();
      if (known || this.#ended) return;
      await client.register(this.#registration);
      // It was deregistered while this was on its way, and the two may have arrived in either order.
      if (this.#ended) return await client.deregister(id, DEREGISTER_TIMEOUT_MS);
      logger.info(`Consul had forgotten ${id}; it is registered again`);
      onReregistered(id);
    } catch (error) {
      logger.debug(`the lease of ${id} was not renewed: ${(error as Error).message}`);
    }
  }

  /** Whether the agent knows the check. What it answers otherwise differs between versions; any answer but yes means to register. */
  async #pass(): Promise<boolean> {
    try {
      await this.#options.client.pass(this.#registration.id);
      return true;
    } catch (error) {
      if (error instanceof ConsulFailure && error.status !== 0) return false;
      throw error;
    }
  }
}

function identityOf({ tls, namespace, serviceAccount }: InstanceDescription, ownId: string | undefined): string {
  if (tls === 'none') return '';
  return ownId ?? spiffeId('cluster.local', namespace, serviceAccount);
}

function registrationError(error: ConsulFailure, { instance }: InstanceDescription): LateenError {
  const denied = error.status === 400 || error.status === 403;
  return new LateenError(denied ? 'LATEEN_REGISTER_REFUSED' : 'LATEEN_CONSUL_UNREACHABLE', error.message, {
    target: instance,
    hint: denied
      ? 'give the token (LATEEN_CONSUL_TOKEN) service:write for it'
      : 'start the agent, or set LATEEN_CONSUL_URL to where it is',
    cause: error,
  });
}
