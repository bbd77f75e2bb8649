import type { Logger } from '@lateen/core';
import type { MeshClient } from '@lateen/client';
import { EdgeListener } from './edge-listener.ts';
import type { EdgeSettings } from './edge-settings.ts';
import type { GatewayPort } from './gateway-ports.ts';

/** A port that is open. */
export interface BoundPort {
  /** `servers[].port.number` */
  readonly port: number;
  /** `host:port` as bound. */
  readonly address: string;
  readonly gateways: readonly string[];
}

export interface PortSetOptions {
  readonly host: string;
  /** Added to each Gateway's port. */
  readonly portOffset: number;
  readonly drainTimeoutMs: number;
  readonly settings: EdgeSettings;
  readonly logger: Logger;
  /** A client that routes by these Gateways. */
  createClient(gateways: readonly string[], port: number): MeshClient;
}

interface OpenPort {
  readonly listener: EdgeListener;
  readonly bound: BoundPort;
}

/** The ports that are open: follows what the Gateways in force ask for. */
export class PortSet {
  readonly #options: PortSetOptions;
  readonly #open = new Map<number, OpenPort>();
  #changes: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: PortSetOptions) {
    this.#options = options;
  }

  get bound(): BoundPort[] {
    return [...this.#open.values()].map(({ bound }) => bound);
  }

  /** One for each open port. */
  get clients(): MeshClient[] {
    return [...this.#open.values()].map(({ listener }) => listener.client);
  }

  /** The client behind a port, by its number in the Gateway or as it is bound; the first open port's for any other number. */
  clientFor(port: number): MeshClient | undefined {
    const open = [...this.#open.values()];
    const asked = open.find(({ bound }) => bound.port === port || bound.address.endsWith(`:${port}`)) ?? open[0];
    return asked?.listener.client;
  }

  /**
   * Opens, changes and drains ports until they are the wanted ones; one call after the other. A port that can't be bound is
   * left out and tried again with the next call.
   *
   * @returns why ports could not be bound.
   */
  async follow(wanted: readonly GatewayPort[]): Promise<Error[]> {
    const failures: Error[] = [];
    const change = this.#changes.then(async () => {
      if (this.#closed) return;
      for (const port of this.#open.keys()) {
        if (!wanted.some((each) => each.port === port)) this.#remove(port);
      }
      for (const port of wanted) {
        await this.#put(port).catch((error: Error) => failures.push(error));
      }
    });
    this.#changes = change;
    await change;
    return failures;
  }

  /** Finishes what is in flight on all ports, then ends their clients. */
  async drain(timeoutMs: number): Promise<void> {
    this.#closed = true;
    await this.#changes;
    await Promise.all([...this.#open.values()].map(({ listener }) => drained(listener, timeoutMs)));
    this.#open.clear();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#changes;
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const { listener } of open) listener.close();
    await Promise.all(open.map(({ listener }) => listener.client.close()));
  }

  async #put(wanted: GatewayPort): Promise<void> {
    const { createClient, logger } = this.#options;
    const open = this.#open.get(wanted.port);
    if (open && open.bound.gateways.join() === wanted.gateways.join()) return;
    const client = createClient(wanted.gateways, wanted.port);
    if (open) {
      // What is in flight ends on the client it began with.
      void open.listener.client.drain();
      open.listener.client = client;
      this.#open.set(wanted.port, { listener: open.listener, bound: { ...open.bound, gateways: wanted.gateways } });
    } else {
      this.#open.set(wanted.port, await this.#listen(wanted, client));
    }
    const { address } = (this.#open.get(wanted.port) as OpenPort).bound;
    logger.info(`port ${wanted.port} of ${wanted.gateways.join(', ')} is open on ${address}`);
  }

  async #listen(wanted: GatewayPort, client: MeshClient): Promise<OpenPort> {
    const { host, portOffset, settings } = this.#options;
    const port = wanted.port + portOffset;
    const listener = new EdgeListener({ host, port, client, settings, place: wanted.place });
    try {
      const bound = await listener.listen();
      const shown = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
      return { listener, bound: { port: wanted.port, address: `${shown}:${bound.port}`, gateways: wanted.gateways } };
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  #remove(port: number): void {
    const { logger, drainTimeoutMs } = this.#options;
    const { listener } = this.#open.get(port) as OpenPort;
    this.#open.delete(port);
    logger.info(`no Gateway asks for port ${port} any more; it closes when its requests have ended`);
    void drained(listener, drainTimeoutMs);
  }
}

async function drained(listener: EdgeListener, timeoutMs: number): Promise<void> {
  await listener.drain(timeoutMs);
  await listener.client.close();
}
