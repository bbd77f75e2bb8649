import { createServer, type Server } from 'node:http';
import express, { type Router } from 'express';
import Fastify, { type FastifyPluginCallback } from 'fastify';
import type { Runtime } from './runtime.ts';

/** The same services with nothing but Node: the runtime's fetch, plaintext servers. */
export function plainRuntime(): Runtime {
  const servers: Server[] = [];
  const kept = (server: Server): Server => {
    servers.push(server);
    return server;
  };
  return {
    fetch: globalThis.fetch,
    express: (routes: Router) => kept(createServer(express().disable('x-powered-by').use(routes))),
    async fastify(routes: FastifyPluginCallback) {
      const app = Fastify();
      await app.register(routes);
      await app.ready();
      return kept(app.server);
    },
    http: (listener) => kept(createServer(listener)),
    ready: Promise.resolve(),
    async stop() {
      await Promise.all(servers.map(closed));
    },
  };
}

/** Resolves when the last request is answered; `close` ends idle connections by itself. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
