import { Cell, type Unsubscribe, type Watched } from '@lateen/core';
import type { Registry } from '@lateen/discovery';
import type { Revision } from '@lateen/resources';
import { type CompileInput, RouteCompiler } from '@lateen/routing';
import { Cluster } from '../cluster/cluster.ts';
import type { ClusterContext } from '../cluster/cluster-context.ts';
import type { Plan } from './plan.ts';

/** What a plan is compiled from besides revision and services. */
export type PlanSettings = Omit<CompileInput, 'revision' | 'services'>;

interface RunningCluster {
  readonly cluster: Cluster;
  readonly unsubscribe: Unsubscribe;
}

/**
 * The plan in force, recompiled when the configuration or the catalogue of services changes: synchronously, so that whoever
 * sets a revision may acknowledge it when `set` returns. What cannot be compiled changes nothing, and its error goes to whoever set it.
 */
export class PlanSource {
  readonly #revision: Watched<Revision>;
  readonly #registry: Registry;
  readonly #settings: PlanSettings;
  readonly #context: ClusterContext;
  readonly #compiler = new RouteCompiler();
  readonly #running = new Map<string, RunningCluster>();
  readonly #cell: Cell<Plan>;
  readonly #subscriptions: readonly Unsubscribe[];

  constructor(revision: Watched<Revision>, registry: Registry, settings: PlanSettings, context: ClusterContext) {
    this.#revision = revision;
    this.#registry = registry;
    this.#settings = settings;
    this.#context = context;
    this.#cell = new Cell(this.#compile());
    const recompile = (): void => this.#cell.set(this.#compile());
    this.#subscriptions = [revision.subscribe(recompile), registry.services.subscribe(recompile)];
  }

  get watched(): Watched<Plan> {
    return this.#cell;
  }

  /** One property read on the request path. */
  get current(): Plan {
    return this.#cell.value;
  }

  stop(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    for (const { unsubscribe } of this.#running.values()) unsubscribe();
  }

  async drain(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ cluster }) => cluster.drain()));
  }

  close(reason: Error): void {
    for (const { cluster } of this.#running.values()) cluster.close(reason);
  }

  #compile(): Plan {
    const revision = this.#revision.value;
    const table = this.#compiler.compile({ ...this.#settings, revision, services: this.#registry.services.value });
    // From here on nothing throws: the running clusters follow the new table.
    for (const [name, { cluster, unsubscribe }] of [...this.#running]) {
      if (table.clusters.has(name)) continue;
      unsubscribe();
      this.#running.delete(name);
      // Calls that pinned an earlier plan finish on it.
      void cluster.drain();
    }
    const clusters = new Map<string, Cluster>();
    for (const [name, spec] of table.clusters) {
      const running = this.#running.get(name);
      running?.cluster.apply(spec);
      clusters.set(name, running?.cluster ?? this.#start(name, new Cluster(spec, this.#context)));
    }
    return { revision: revision.number, hash: revision.hash, table, clusters };
  }

  #start(name: string, cluster: Cluster): Cluster {
    const { host, port, resolution } = cluster.spec;
    if (resolution === 'none') {
      this.#running.set(name, { cluster, unsubscribe: () => {} });
      return cluster;
    }
    const endpoints = this.#registry.endpoints(host, port);
    cluster.setEndpoints(endpoints.value);
    this.#running.set(name, { cluster, unsubscribe: endpoints.subscribe((set) => cluster.setEndpoints(set)) });
    return cluster;
  }
}
