import { Cell, type Endpoint, type EndpointSet, type Watched } from '@lateen/core';
import type { InstanceDescription } from '@lateen/discovery';
import type { ChangedHosts, InstanceTable } from './instance-table.ts';

interface HostPort {
  readonly host: string;
  readonly port: number;
  readonly cell: Cell<EndpointSet>;
}

/** One watched set per host and port that somebody asked for, kept in step with the table. */
export class EndpointCells {
  readonly #table: InstanceTable;
  readonly #cells = new Map<string, HostPort>();
  readonly #endpoints = new WeakMap<InstanceDescription, Endpoint>();
  #ready = false;
  #staleSince = 0;

  constructor(table: InstanceTable) {
    this.#table = table;
  }

  watch(host: string, port: number): Watched<EndpointSet> {
    const key = `${host.toLowerCase()}:${port}`;
    const known = this.#cells.get(key);
    if (known) return known.cell;
    const entry = { host: host.toLowerCase(), port, cell: new Cell(this.#read(host.toLowerCase(), port, 1)) };
    this.#cells.set(key, entry);
    return entry.cell;
  }

  /** Tells those whose endpoints changed. */
  refresh(changed: ChangedHosts): void {
    for (const entry of this.#cells.values()) if (changed.has(entry.host)) this.#update(entry);
  }

  /** How well the source is; every set carries it. */
  setSource(ready: boolean, staleSince: number): void {
    if (this.#ready === ready && this.#staleSince === staleSince) return;
    this.#ready = ready;
    this.#staleSince = staleSince;
    for (const entry of this.#cells.values()) this.#update(entry);
  }

  #update({ host, port, cell }: HostPort): void {
    const { value } = cell;
    const next = this.#read(host, port, value.version + 1);
    if (sameSet(value, next)) return;
    cell.set(next);
  }

  #read(host: string, port: number, version: number): EndpointSet {
    const endpoints: Endpoint[] = [];
    for (const instance of this.#table.of(host)) if (instance.servicePort === port) endpoints.push(this.#endpoint(instance));
    return { endpoints, version, ready: this.#ready, staleSince: this.#staleSince };
  }

  #endpoint(instance: InstanceDescription): Endpoint {
    let endpoint = this.#endpoints.get(instance);
    if (!endpoint) this.#endpoints.set(instance, (endpoint = toEndpoint(instance)));
    return endpoint;
  }
}

function sameSet(a: EndpointSet, b: EndpointSet): boolean {
  return (
    a.ready === b.ready &&
    a.staleSince === b.staleSince &&
    a.endpoints.length === b.endpoints.length &&
    a.endpoints.every((endpoint, index) => endpoint === b.endpoints[index])
  );
}

function toEndpoint(instance: InstanceDescription): Endpoint {
  const { address, port, labels, weight, locality, tls, protocols, workload, namespace, serviceAccount } = instance;
  return { key: instance.instance, address, port, labels, weight, locality, tls, protocols, workload, namespace, serviceAccount };
}
