import type { Agent } from 'node:http';
import type { Watched } from '@lateen/core';
import type { RouteDescription } from '@lateen/routing';
import type { ClusterStatus } from './cluster/cluster-status.ts';
import type { MeshDispatcher } from './mesh-dispatcher.ts';
import type { ExplainInput, Explanation } from './explain/explanation.ts';
import type { Plan } from './plan/plan.ts';
import type { request } from './undici.ts';

/** The outbound half of a mesh; made by `createClient`. */
export interface MeshClient {
  /** An undici `Dispatcher`: `compose()`, `setGlobalDispatcher()`, `stream`, `pipeline`. */
  readonly dispatcher: MeshDispatcher;
  /** Exactly the runtime's fetch, through the mesh. */
  readonly fetch: typeof globalThis.fetch;
  /** `undici.request`'s shape, through the mesh. */
  readonly request: typeof request;
  /** For axios, got and plain `http.request`. The same object each time. */
  agent(): Agent;
  /** What would become of a request; sends nothing. */
  explain(input: ExplainInput): Explanation;
  /** Every cluster with its endpoints and the numbers the balancer uses. */
  clusters(): ClusterStatus[];
  routes(): RouteDescription[];
  /** In force now; it changes synchronously with the revision and the service catalogue. */
  readonly plan: Watched<Plan>;
  /** Calls and mirrors in flight. */
  readonly inFlight: number;
  /** Resolves when no call and no mirror is in flight. */
  waitUntilIdle(): Promise<void>;
  /** Refuses new calls, and resolves when those in flight and the mirrors have ended and all connections are closed. */
  drain(): Promise<void>;
  /** Ends everything now; calls in flight fail with `LATEEN_CLOSED`. */
  close(): Promise<void>;
}
