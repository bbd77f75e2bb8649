import express, { type Router } from 'express';
import Fastify, { type FastifyPluginCallback } from 'fastify';
import { lateen as lateenExpress } from '@lateen/express';
import { lateen as lateenFastify } from '@lateen/fastify';
import { createMesh } from 'lateen';
import type { Runtime } from './runtime.ts';

/** Every service is known by its name and this port, wherever its processes really listen. */
const published = { servicePort: 9080, portName: 'http' };

/** The services on Lateen; who this process is comes from `LATEEN_*` in the environment. */
export async function meshRuntime(): Promise<Runtime> {
  const mesh = await createMesh();
  return {
    fetch: mesh.fetch,
    express(routes: Router) {
      const app = express().disable('x-powered-by');
      app.use(lateenExpress(mesh));
      app.use(routes);
      return mesh.createServer(published, app);
    },
    async fastify(routes: FastifyPluginCallback) {
      const app = Fastify({ serverFactory: (handler) => mesh.createServer(published, handler) });
      await app.register(lateenFastify, { mesh });
      await app.register(routes);
      await app.ready();
      return app.server;
    },
    http: (listener) => mesh.createServer(published, listener),
    ready: mesh.ready,
    stop: () => mesh.drain(),
  };
}
