import type { AddressInfo } from 'node:net';
import { type Clock, type Logger, sleep } from '@lateen/core';
import type { InstanceDescription, Registration, Registry } from '@lateen/discovery';
import { advertisedAddress } from './advertised-address.ts';

/** A server of the application that listens, as the inbound side reports it. */
export interface ListeningServer {
  readonly bound: AddressInfo;
  readonly servicePort: number;
  readonly portName: string;
}

export interface RegistrationsOptions {
  readonly registries: readonly Registry[];
  /** What every listener of the process shares; port and address come from the listener. */
  readonly instance: Omit<InstanceDescription, 'address' | 'port' | 'servicePort' | 'portName' | 'admin'>;
  readonly advertise: string | undefined;
  readonly adminAddress: () => string;
  /** Registers only once the process can serve: a peer that is sent here must get through. */
  readonly identityReady: Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const RETRY_MS = 1_000;

/** Keeps every listening server of the process in every registry that takes registrations. */
export class Registrations {
  readonly #options: RegistrationsOptions;
  readonly #live = new Map<string, Promise<Registration | undefined>>();
  readonly #stop = new AbortController();

  constructor(options: RegistrationsOptions) {
    this.#options = options;
  }

  /** Publishes a listener. Failing registries are tried again until it works or {@link close}. */
  add(server: ListeningServer): void {
    const { registries } = this.#options;
    const description = this.#describe(server);
    for (const registry of registries) {
      if (!registry.register) continue;
      const key = `${registry.name} ${description.address}:${description.port}`;
      if (!this.#live.has(key)) this.#live.set(key, this.#register(registry, description));
    }
  }

  /** Takes everything out; resolves when watchers have seen it, or after `ackTimeoutMs`. */
  async deregister(ackTimeoutMs = 1_000): Promise<void> {
    this.#stop.abort();
    const registrations = await Promise.all(this.#live.values());
    this.#live.clear();
    await Promise.all(registrations.map((registration) => registration?.deregister({ ackTimeoutMs })));
  }

  #describe(server: ListeningServer): InstanceDescription {
    const { instance, advertise, adminAddress } = this.#options;
    return {
      ...instance,
      ...advertisedAddress(server.bound, advertise),
      servicePort: server.servicePort,
      portName: server.portName,
      admin: adminAddress(),
    };
  }

  async #register(registry: Registry, description: InstanceDescription): Promise<Registration | undefined> {
    const { clock, logger, identityReady } = this.#options;
    await identityReady;
    for (let reported = ''; !this.#stop.signal.aborted; ) {
      try {
        return await registry.register?.(description);
      } catch (error) {
        const { message } = error as Error;
        if (message !== reported) logger.error(`cannot register ${description.service} with ${registry.name}: ${message}`);
        reported = message;
        await sleep(clock, RETRY_MS, this.#stop.signal).catch(() => {});
      }
    }
    return undefined;
  }
}
