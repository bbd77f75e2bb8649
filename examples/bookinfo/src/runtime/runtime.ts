import type { RequestListener, Server } from 'node:http';
import type { Router } from 'express';
import type { FastifyPluginCallback } from 'fastify';

/**
 * What a service needs of its surroundings. `mesh-runtime.ts` and `plain-runtime.ts` fill it; laid side by side, the two files show
 * everything that joining the mesh asks of an application.
 */
export interface Runtime {
  readonly fetch: typeof globalThis.fetch;
  /** A server for an Express application. */
  express(routes: Router): Server;
  /** A server for a Fastify application. */
  fastify(routes: FastifyPluginCallback): Promise<Server>;
  /** A server for a plain request listener. */
  http(listener: RequestListener): Server;
  /** Resolves when calls of other services can work. */
  readonly ready: Promise<void>;
  /** Finishes what is in flight, then closes. */
  stop(): Promise<void>;
}
