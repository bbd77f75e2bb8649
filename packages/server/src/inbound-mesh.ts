import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { CurrentRequest } from './current-request.ts';

export interface CreateServerOptions {
  /** The logical port that is published: what callers write in URLs. Default: the bound port. */
  readonly servicePort?: number;
  /** Istio's port name. Default `http`. */
  readonly portName?: string;
}

/** What a framework adapter needs of the mesh; `Mesh` of `lateen` is one. */
export interface InboundMesh {
  /** Like `http.createServer`: TLS, permissive and plaintext on one port, context set for every request. */
  createServer(options: CreateServerOptions, handler: RequestListener): Server;
  createServer(handler: RequestListener): Server;
  /** Fastify's `serverFactory`. */
  readonly serverFactory: (handler: RequestListener, options: object) => Server;
  /** The request being served by the running code. */
  current(): CurrentRequest | undefined;
  /**
   * Serves one request of a listener that is not the mesh's: context, authentication, recording. Does nothing but call `next`
   * when the request came through {@link createServer}.
   */
  accept(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void;
  /** The route template for metrics and spans: `/reviews/:id`. */
  setRoute(request: IncomingMessage, template: string): void;
}
