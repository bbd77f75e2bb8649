import type { Agent, RequestListener, Server } from 'node:http';
import type { MeshEventName, MeshEvents, Priority, RequestContext } from '@lateen/core';
import type { Explanation, ExplainInput, MeshClient } from '@lateen/client';
import type { InboundMesh } from '@lateen/server';
import type { MeshMetrics } from '@lateen/telemetry';

/** The request that the running code serves, as an application reads it. */
export interface CurrentRequest {
  readonly principal: RequestContext['principal'];
  /** Epoch ms after which nobody waits for the answer; undefined when there is no deadline. */
  readonly deadline: number | undefined;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly requestId: string;
  readonly priority: Priority;
  /** Aborted when the caller goes away or the deadline passes. Made when first read. */
  readonly signal: AbortSignal;
}

/** A process's place in the mesh; made by `createMesh`. */
export interface Mesh extends Omit<InboundMesh, 'current'>, AsyncDisposable {
  /** Exactly the runtime's fetch, through the mesh. */
  readonly fetch: typeof globalThis.fetch;
  /** `undici.request`'s shape, through the mesh. */
  readonly request: MeshClient['request'];
  /** An undici `Dispatcher`: `compose()`, `setGlobalDispatcher()`, `stream`, `pipeline`. */
  readonly dispatcher: MeshClient['dispatcher'];
  /** A `node:http` Agent, for axios, got, superagent and plain `http.request`. */
  agent(): Agent;
  /** Like `http.createServer`: TLS, permissive and plaintext on one port, published where the mesh has a registry. */
  createServer(options: { readonly servicePort?: number; readonly portName?: string }, handler: RequestListener): Server;
  createServer(handler: RequestListener): Server;
  /** Inside a request: who called, until when, under which trace. */
  current(): CurrentRequest | undefined;
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
