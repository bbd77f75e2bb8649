import { Cell, type Endpoint, type EndpointSet, type Watched } from '@lateen/core';

/** What a source knows of one host and port at this moment. */
export type SourceView = Omit<EndpointSet, 'version'>;

interface Entry {
  readonly host: string;
  readonly port: number;
  readonly cell: Cell<EndpointSet>;
}

/** One watched set per host and port that somebody asked for. Who owns the source calls `refresh` when it changed. */
export class EndpointSets {
  readonly #read: (host: string, port: number) => SourceView;
  readonly #entries = new Map<string, Entry>();

  /** @param read what the source knows now; `host` is lower case. */
  constructor(read: (host: string, port: number) => SourceView) {
    this.#read = read;
  }

  watch(host: string, port: number): Watched<EndpointSet> {
    const name = host.toLowerCase();
    const key = `${name}:${port}`;
    const known = this.#entries.get(key);
    if (known) return known.cell;
    const entry = { host: name, port, cell: new Cell<EndpointSet>({ ...this.#read(name, port), version: 1 }) };
    this.#entries.set(key, entry);
    return entry.cell;
  }

  /** Looks again, at one host or at all, and tells those whose sets changed. */
  refresh(host?: string): void {
    for (const entry of this.#entries.values()) if (host === undefined || entry.host === host) this.#update(entry);
  }

  #update({ host, port, cell }: Entry): void {
    const before = cell.value;
    const view = this.#read(host, port);
    const endpoints = keepEqual(before.endpoints, view.endpoints);
    const same = endpoints === before.endpoints && view.ready === before.ready && view.staleSince === before.staleSince;
    if (!same) cell.set({ ...view, endpoints, version: before.version + 1 });
  }
}

/** `next` with the objects of `before` wherever they say the same, so that watchers can compare by identity. */
function keepEqual(before: readonly Endpoint[], next: readonly Endpoint[]): readonly Endpoint[] {
  const known = new Map(before.map((endpoint) => [endpoint.key, endpoint]));
  const kept = next.map((endpoint) => {
    const old = known.get(endpoint.key);
    return old && JSON.stringify(old) === JSON.stringify(endpoint) ? old : endpoint;
  });
  const same = kept.length === before.length && kept.every((endpoint, index) => endpoint === before[index]);
  return same ? before : kept;
}
