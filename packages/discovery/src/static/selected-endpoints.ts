import { Cell, type EndpointSet, NO_ENDPOINTS, type Unsubscribe, type Watched } from '@lateen/core';
import type { Registry, ServiceDescription } from '../registry.ts';
import { selects } from './pod-templates.ts';

/** A Service of the configuration that means instances by their labels. */
export interface Selecting {
  readonly host: string;
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
  /** The port of instances, by the Service's own. */
  readonly targetPorts: ReadonlyMap<number, number>;
}

/**
 * The instances of any service of a registry that a Service's selector means, as in Kubernetes: `reviews-v1` is those of `reviews` that are
 * labelled `version: v1`. Instances are found by the logical port that they registered: the Service's target port, else its port.
 */
export class SelectedEndpoints {
  readonly cell = new Cell<EndpointSet>(NO_ENDPOINTS);
  readonly #registry: Registry;
  readonly #selecting: Selecting;
  readonly #port: number;
  readonly #sources = new Map<
    string,
    { readonly service: ServiceDescription; readonly set: Watched<EndpointSet>; readonly stop: Unsubscribe }
  >();
  readonly #unsubscribe: readonly Unsubscribe[];

  constructor(registry: Registry, selecting: Selecting, port: number) {
    this.#registry = registry;
    this.#selecting = selecting;
    this.#port = port;
    this.#unsubscribe = [registry.services.subscribe(() => this.#follow()), registry.ready.subscribe(() => this.#read())];
    this.#follow();
  }

  /** SPIFFE IDs that may serve the services which selected instances belong to. */
  get identities(): readonly string[] {
    const used = [...this.#sources.values()].filter(({ set }) => set.value.endpoints.some(({ labels }) => this.#means(labels)));
    return [...new Set(used.flatMap(({ service }) => service.identities))].toSorted();
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const { stop } of this.#sources.values()) stop();
  }

  #means(labels: Readonly<Record<string, string>>): boolean {
    return selects(this.#selecting.selector, labels);
  }

  #follow(): void {
    const { host, namespace, targetPorts } = this.#selecting;
    const target = targetPorts.get(this.#port) ?? this.#port;
    const gone = new Set(this.#sources.keys());
    for (const service of this.#registry.services.value) {
      if (service.namespace !== namespace || service.location !== 'mesh' || service.host === host) continue;
      const port = [target, this.#port].find((wanted) => service.ports.some(({ number }) => number === wanted));
      if (port === undefined) continue;
      const key = `${service.host}:${port}`;
      gone.delete(key);
      this.#sources.get(key)?.stop();
      const set = this.#registry.endpoints(service.host, port);
      this.#sources.set(key, { service, set, stop: set.subscribe(() => this.#read()) });
    }
    for (const key of gone) {
      this.#sources.get(key)?.stop();
      this.#sources.delete(key);
    }
    this.#read();
  }

  #read(): void {
    const sets = [...this.#sources.values()].map(({ set }) => set.value);
    const byKey = new Map(
      sets
        .flatMap(({ endpoints }) => endpoints.filter(({ labels }) => this.#means(labels)))
        .map((endpoint) => [endpoint.key, endpoint]),
    );
    const stale = sets.map(({ staleSince }) => staleSince).filter((since) => since > 0);
    this.cell.set({
      endpoints: [...byKey.values()],
      ready: this.#registry.ready.value && sets.every(({ ready }) => ready),
      staleSince: stale.length > 0 ? Math.min(...stale) : 0,
      version: this.cell.value.version + 1,
    });
  }
}
