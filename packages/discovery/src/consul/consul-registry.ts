import { Cell, type Clock, type EndpointSet, type EventSink, type Logger, type Random, type Watched } from '@lateen/core';
import { EndpointSets, type SourceView } from '../endpoint-sets.ts';
import type { InstanceDescription, Registration, Registry, ServiceDescription } from '../registry.ts';
import { BlockingQuery } from './blocking-query.ts';
import { ConsulClient, type ConsulReply } from './consul-client.ts';
import type { ConsulNaming } from './consul-instance.ts';
import { KnownServices } from './known-services.ts';
import { OwnRegistrations } from './own-registrations.ts';
import { WatchedService } from './watched-service.ts';

export interface ConsulRegistryOptions {
  /** The local agent: `http://127.0.0.1:8500`. */
  readonly url: string;
  /** ACL token. Never logged. */
  readonly token?: string | undefined;
  /** Before the services' names in Consul, so that several meshes can share it. Default none. */
  readonly prefix?: string | undefined;
  /** Namespace of services in Consul that were not registered by Lateen. */
  readonly namespace: string;
  /**
   * The SPIFFE ID in the process's certificate, read at each registration: peers let nobody else serve the service. Default: the
   * usual one of namespace and service account in `cluster.local`.
   */
  readonly ownId?: () => string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly events: EventSink;
}

/** Consul's own entry in its catalog; the servers are nobody's upstream. */
const CONSUL_ITSELF = 'consul';

/**
 * Services and endpoints from Consul, and a place in it for the process's own.
 *
 * Services that others registered appear too, in plaintext, on the port they registered.
 * @throws {LateenError} `LATEEN_BAD_OPTION` when the URL is none.
 */
export function consulRegistry(options: ConsulRegistryOptions): Registry {
  return new ConsulRegistry(options);
}

class ConsulRegistry implements Registry {
  readonly name = 'consul';
  readonly services = new Cell<readonly ServiceDescription[]>([], (a, b) => JSON.stringify(a) === JSON.stringify(b));
  readonly ready = new Cell(false);
  readonly staleSince = new Cell(0);
  readonly #options: ConsulRegistryOptions;
  readonly #naming: ConsulNaming;
  readonly #client: ConsulClient;
  readonly #own: OwnRegistrations;
  readonly #catalog: BlockingQuery<Readonly<Record<string, readonly string[]>>>;
  readonly #known = new KnownServices();
  readonly #watched = new Map<string, WatchedService>();
  readonly #sets = new EndpointSets((host, port) => this.#read(host, port));
  #catalogAnswered = false;
  #catalogFailure: { readonly since: number; readonly error: Error } | undefined;

  constructor(options: ConsulRegistryOptions) {
    const { url, token, prefix = '', namespace, ownId = () => undefined, clock, random, logger, events } = options;
    this.#options = options;
    this.#naming = { prefix, namespace };
    const client = new ConsulClient({ url, token, clock });
    this.#client = client;
    this.#own = new OwnRegistrations({
      client,
      prefix,
      ownId,
      clock,
      random,
      logger,
      onReregistered: () => events.emit('discovery', { source: this.name, change: 'reregistered' }),
    });
    this.#catalog = new BlockingQuery({
      clock,
      random,
      query: (index, waitMs) => client.services(index, waitMs),
      onAnswer: (reply) => this.#onCatalog(reply),
      onFailure: (error) => this.#onCatalogFailure(error),
      onRecovered: () => this.#onCatalogRecovered(),
    });
  }

  endpoints(host: string, port: number): Watched<EndpointSet> {
    return this.#sets.watch(host, port);
  }

  register(instance: InstanceDescription): Promise<Registration> {
    return this.#own.register(instance);
  }

  async close(): Promise<void> {
    this.#catalog.close();
    for (const service of this.#watched.values()) service.close();
    await this.#own.close();
    this.#client.destroy();
  }

  #onCatalog({ data, filtered }: ConsulReply<Readonly<Record<string, readonly string[]>>>): void {
    const names = Object.keys(data).filter((name) => name !== CONSUL_ITSELF && name.startsWith(this.#naming.prefix));
    // Consul lists at least itself, so an empty catalog is a token without rights.
    if (filtered && Object.keys(data).length === 0) throw new Error('the token may not read any service in Consul');
    for (const name of names) if (!this.#watched.has(name)) this.#watched.set(name, this.#watch(name));
    this.#catalogAnswered = true;
    this.#refresh();
  }

  #watch(name: string): WatchedService {
    const { clock, random } = this.#options;
    return new WatchedService(name, {
      client: this.#client,
      naming: this.#naming,
      clock,
      random,
      onChange: () => this.#refresh(),
      onRecovered: () => this.#own.renewNow(),
    });
  }

  #onCatalogFailure(error: Error): void {
    this.#catalogFailure ??= { since: this.#options.clock.wallNow(), error };
    this.#refresh();
  }

  #onCatalogRecovered(): void {
    this.#catalogFailure = undefined;
    this.#own.renewNow();
    this.#refresh();
  }

  /** Services before endpoints, so that nobody meets an endpoint of a host without a name. */
  #refresh(): void {
    const watched = [...this.#watched.values()];
    this.#known.learn(watched.flatMap(({ listed, instances }) => [...listed, ...instances]));
    this.services.set(this.#known.describe());
    if (this.#catalogAnswered && watched.every(({ answered }) => answered)) this.ready.set(true);
    this.#sets.refresh();
    this.#report();
  }

  #read(host: string, port: number): SourceView {
    const serving = [...this.#watched.values()].filter(({ listed, instances }) =>
      [...listed, ...instances].some((instance) => instance.host === host),
    );
    const endpoints = serving.flatMap(({ instances }) =>
      instances.filter((instance) => instance.host === host && instance.servicePort === port).map(({ endpoint }) => endpoint),
    );
    const known = serving.length > 0;
    const staleSince = known ? earliest(serving.map((service) => service.staleSince)) : (this.#catalogFailure?.since ?? 0);
    return { endpoints, ready: known || this.ready.value, staleSince };
  }

  #report(): void {
    const { logger, events } = this.#options;
    const watched = [...this.#watched.values()];
    const before = this.staleSince.value;
    const now = earliest([this.#catalogFailure?.since ?? 0, ...watched.map(({ staleSince }) => staleSince)]);
    this.staleSince.set(now);
    if (before === 0 && now > 0) {
      const error = (this.#catalogFailure?.error ?? watched.find(({ staleSince }) => staleSince > 0)?.error)?.message ?? '';
      logger.warn(`${error}; the last known endpoints stay`);
      events.emit('discovery', { source: this.name, change: 'stale', error });
    } else if (before > 0 && now === 0) {
      logger.info(`Consul at ${this.#client.origin} answers again`);
      events.emit('discovery', { source: this.name, change: 'recovered' });
    }
  }
}

function earliest(times: readonly number[]): number {
  const known = times.filter((time) => time > 0);
  return known.length > 0 ? Math.min(...known) : 0;
}
