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

/** One server in one registry, or on its way there. */
interface Entry {
  readonly stop: AbortController;
  readonly registration: Promise<Registration | undefined>;
}

/** Keeps every listening server of the process in every registry that takes registrations. */
export class Registrations {
  readonly #options: RegistrationsOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: RegistrationsOptions) {
    this.#options = options;
  }

  /** Publishes a listener. A failing registry is tried again until it works or the listener is gone. */
  add(server: ListeningServer): void {
    const description = this.#describe(server);
    for (const registry of this.#options.registries) {
      const key = entryKey(registry, description);
      if (!registry.register || this.#entries.has(key)) continue;
      const stop = new AbortController();
      this.#entries.set(key, { stop, registration: this.#register(registry, description, stop.signal) });
    }
  }

  /** Takes out a listener that the application closed by itself. */
  async remove(server: ListeningServer): Promise<void> {
    const description = this.#describe(server);
    await this.#take(
      this.#options.registries.map((registry) => entryKey(registry, description)),
      0,
    );
  }

  /** Takes everything out; resolves when watchers have seen it, or after `ackTimeoutMs`. */
  async deregister(ackTimeoutMs = 1_000): Promise<void> {
    await this.#take([...this.#entries.keys()], ackTimeoutMs);
  }

  async #take(keys: readonly string[], ackTimeoutMs: number): Promise<void> {
    const taken = keys.flatMap((key) => this.#entries.get(key) ?? []);
    for (const key of keys) this.#entries.delete(key);
    for (const { stop } of taken) stop.abort();
    await Promise.all(taken.map(async ({ registration }) => (await registration)?.deregister({ ackTimeoutMs })));
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

  async #register(registry: Registry, description: InstanceDescription, stop: AbortSignal): Promise<Registration | undefined> {
    const { clock, logger, identityReady } = this.#options;
    await Promise.race([identityReady, aborted(stop)]);
    for (let reported = ''; !stop.aborted; ) {
      try {
        return await registry.register?.(description);
      } catch (error) {
        const { message } = error as Error;
        if (message !== reported) logger.error(`cannot register ${description.service} with ${registry.name}: ${message}`);
        reported = message;
        await sleep(clock, RETRY_MS, stop).catch(() => {});
      }
    }
    return undefined;
  }
}

function entryKey(registry: Registry, { address, port }: InstanceDescription): string {
  return `${registry.name} ${address}:${port}`;
}

/** Resolves when nobody wants it any more. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
