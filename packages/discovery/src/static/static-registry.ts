import {
  Cell,
  type Clock,
  type EndpointSet,
  type EventSink,
  type Logger,
  type Random,
  type Unsubscribe,
  type Watched,
} from '@lateen/core';
import type { Revision } from '@lateen/resources';
import { type DnsLookup, dnsLookup } from '../dns/dns-lookup.ts';
import { DnsNames } from '../dns/dns-names.ts';
import { EndpointSets, type SourceView } from '../endpoint-sets.ts';
import type { Registry, ServiceDescription } from '../registry.ts';
import { staticServices, type StaticService } from './service-entries.ts';
import { namesToResolve, staticEndpoints } from './static-endpoints.ts';

export interface StaticRegistryOptions {
  /** Who calls: entries not exported to this namespace do not exist, its own come before others'. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly events: EventSink;
  /** Of the IDs that endpoints' service accounts stand for. Default `cluster.local`. */
  readonly trustDomain?: string;
  /** For `resolution: DNS`. Default: DNS, then the system's resolver. */
  readonly lookup?: DnsLookup;
}

/** The services and endpoints that ServiceEntries and WorkloadEntries of the configuration describe. Read-only. */
export function staticRegistry(revision: Watched<Revision>, options: StaticRegistryOptions): Registry {
  return new StaticRegistry(revision, options);
}

class StaticRegistry implements Registry {
  readonly name = 'static';
  readonly services = new Cell<readonly ServiceDescription[]>([], (a, b) => JSON.stringify(a) === JSON.stringify(b));
  /** False until every name has been asked for once. */
  readonly ready = new Cell(false);
  readonly staleSince = new Cell(0);
  readonly #options: StaticRegistryOptions;
  readonly #names: DnsNames;
  readonly #sets = new EndpointSets((host, port) => this.#read(host, port));
  readonly #failing = new Set<string>();
  readonly #unsubscribe: Unsubscribe;
  #entries: ReadonlyMap<string, StaticService> = new Map();

  constructor(revision: Watched<Revision>, options: StaticRegistryOptions) {
    this.#options = options;
    const { clock, random, lookup = dnsLookup() } = options;
    this.#names = new DnsNames({ clock, random, lookup, onChange: (name, error) => this.#onAnswer(name, error) });
    this.#apply(revision.value);
    this.#unsubscribe = revision.subscribe((value) => this.#apply(value));
  }

  endpoints(host: string, port: number): Watched<EndpointSet> {
    return this.#sets.watch(host, port);
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    this.#names.close();
  }

  #apply(revision: Revision): void {
    const { namespace, trustDomain = 'cluster.local' } = this.#options;
    this.#entries = staticServices(revision, namespace, trustDomain);
    this.#names.keep(new Set([...this.#entries.values()].flatMap(namesToResolve)));
    this.services.set([...this.#entries.values()].map(({ description }) => description));
    this.ready.set(this.ready.value || this.#names.areAsked);
    this.#sets.refresh();
  }

  #read(host: string, port: number): SourceView {
    const service = this.#entries.get(host);
    if (!service) return { endpoints: [], ready: true, staleSince: 0 };
    return staticEndpoints(service, port, (name) => this.#names.answer(name));
  }

  #onAnswer(name: string, error: Error | undefined): void {
    const { events, logger } = this.#options;
    const source = `dns ${name}`;
    if (error) {
      logger.warn(`${name} does not resolve: ${error.message}; its last addresses stay`);
      events.emit('discovery', { source, change: 'stale', error: error.message });
      this.#failing.add(name);
    } else if (this.#failing.delete(name)) {
      logger.info(`${name} resolves again`);
      events.emit('discovery', { source, change: 'recovered' });
    }
    this.staleSince.set(this.#names.staleSince);
    this.ready.set(this.ready.value || this.#names.areAsked);
    this.#sets.refresh();
  }
}
