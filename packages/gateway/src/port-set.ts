import type { Logger } from '@lateen/core';
import type { MeshClient } from '@lateen/client';
import { EdgeListener } from './edge-listener.ts';
import type { EdgeSettings } from './edge-settings.ts';
import type { GatewayPort } from './gateway-ports.ts';
import { readsFiles } from './tls/credentials.ts';
import { type CreateRoutes, fingerprintOf, type PortRoutes, portRoutes } from './port-routes.ts';

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
  readonly createClient: CreateRoutes;
}

interface OpenPort {
  readonly listener: EdgeListener;
  readonly bound: BoundPort;
  readonly fingerprint: string;
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
    return [...this.#open.values()].flatMap(({ listener }) => [...listener.routes.clients.values()]);
  }

  /** Whether certificates come from files. */
  get usesFiles(): boolean {
    return [...this.#open.values()].some(({ listener }) => listener.routes.tls?.some(({ spec }) => readsFiles(spec)));
  }

  /** The client behind a port, by its number in the Gateway or as it is bound; the first open port's for any other number. */
  clientFor(port: number): MeshClient | undefined {
    const open = [...this.#open.values()];
    const asked = open.find(({ bound }) => bound.port === port || bound.address.endsWith(`:${port}`)) ?? open[0];
    return asked?.listener.routes.clients.values().next().value;
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
        failures.push(...port.problems);
        // A port none of whose servers can be served stays closed, or as it was.
        if (port.gateways.length > 0) await this.#put(port).catch((error: Error) => failures.push(error));
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
    await Promise.all(open.map(({ listener }) => closeClients(listener)));
  }

  async #put(wanted: GatewayPort): Promise<void> {
    const { createClient, logger } = this.#options;
    const fingerprint = fingerprintOf(wanted);
    const open = this.#open.get(wanted.port);
    if (open?.fingerprint === fingerprint) return;
    const before = open?.listener.routes;
    const routes = portRoutes(wanted, createClient, before);
    const added = clientsBeside(routes, before);
    try {
      if (open) open.listener.change(routes);
      const now = open ?? (await this.#listen(wanted, routes));
      this.#open.set(wanted.port, { listener: now.listener, bound: { ...now.bound, gateways: wanted.gateways }, fingerprint });
      logger.info(`port ${wanted.port} of ${wanted.gateways.join(', ')} is open on ${now.bound.address}`);
    } catch (error) {
      await Promise.all(added.map((client) => client.close()));
      throw error;
    }
    // What is in flight ends on the client it began with.
    for (const client of before ? clientsBeside(before, routes) : []) void client.drain();
  }

  async #listen(wanted: GatewayPort, routes: PortRoutes): Promise<Omit<OpenPort, 'fingerprint'>> {
    const { portOffset, settings } = this.#options;
    const { place, gateways, bind = this.#options.host } = wanted;
    const listener = new EdgeListener({ host: bind, port: wanted.port + portOffset, routes, settings, place });
    const bound = await listener.listen();
    const shown = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
    return { listener, bound: { port: wanted.port, address: `${shown}:${bound.port}`, gateways } };
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
  await closeClients(listener);
}

async function closeClients({ routes }: EdgeListener): Promise<void> {
  await Promise.all([...routes.clients.values()].map((client) => client.close()));
}

/** Those of one that the other has not. */
function clientsBeside(routes: PortRoutes, other: PortRoutes | undefined): MeshClient[] {
  const others = new Set(other?.clients.values());
  return [...routes.clients.values()].filter((client) => !others.has(client));
}
