import type { Agent } from 'node:http';
import type { MeshEventName, MeshEvents } from '@lateen/core';
import type { Explanation, ExplainInput, MeshClient } from '@lateen/client';
import type { InboundMesh } from '@lateen/server';
import type { MeshMetrics } from '@lateen/telemetry';

/** A process's place in the mesh; made by `createMesh`. */
export interface Mesh extends InboundMesh, AsyncDisposable {
  /** Exactly the runtime's fetch, through the mesh. */
  readonly fetch: typeof globalThis.fetch;
  /** `undici.request`'s shape, through the mesh. */
  readonly request: MeshClient['request'];
  /** An undici `Dispatcher`: `compose()`, `setGlobalDispatcher()`, `stream`, `pipeline`. */
  readonly dispatcher: MeshClient['dispatcher'];
  /** A `node:http` Agent, for axios, got, superagent and plain `http.request`. */
  agent(): Agent;
  /** Route, candidates and pick for a request that is not sent. */
  explain(input: ExplainInput): Explanation;
  readonly metrics: Pick<MeshMetrics, 'registry' | 'contentType' | 'text' | 'collectInto'>;
  on<Name extends MeshEventName>(name: Name, listener: (event: MeshEvents[Name]) => void): void;
  off<Name extends MeshEventName>(name: Name, listener: (event: MeshEvents[Name]) => void): void;
  /** Resolves when identity, endpoints and configuration are there. Never rejects. */
  readonly ready: Promise<void>;
  /** `host:port` of the admin endpoint; empty when off. */
  readonly adminAddress: string;
  /** This process among its peers: `reviews-v2-3f9a01`. */
  readonly instance: string;
  /** Deregisters, stops accepting, finishes what is in flight, then closes. */
  drain(options?: { readonly timeoutMs?: number }): Promise<void>;
  /** Ends everything now; in-flight calls fail with `LATEEN_CLOSED`. Afterwards nothing of the mesh keeps the process alive. */
  close(): Promise<void>;
}
