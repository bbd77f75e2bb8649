import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express5, { type NextFunction, type Request, type Response } from 'express';
import { Cell, channelSink, LateenError, silentLogger, systemClock, systemRandom } from '@lateen/core';
import { createInbound, type Inbound, type MtlsMode } from '@lateen/server';
import { type AccessLogEntry, createTracing, MeshMetrics } from '@lateen/telemetry';
import { lateen } from '../src/lateen.ts';

const express4 = createRequire(import.meta.url)('express4') as typeof express5;

function inboundMesh(mode: Cell<MtlsMode>, log: AccessLogEntry[]): Inbound {
  return createInbound({
    clock: systemClock,
    logger: silentLogger,
    events: channelSink,
    identity: undefined,
    mode,
    self: {
      service: 'reviews',
      host: 'reviews.default.svc.cluster.local',
      workload: 'reviews',
      namespace: 'default',
      principal: '',
      app: 'reviews',
      version: '',
    },
    metrics: new MeshMetrics({ logger: silentLogger }),
    tracing: createTracing({
      serviceName: 'reviews',
      environment: {},
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
    }),
    accessLog: { enabled: true, write: (entry) => log.push(entry) },
    defaults: 'lateen',
    onListening: () => {},
  });
}

for (const [version, express] of [
  ['Express 5', express5],
  ['Express 4', express4],
] as const) {
  for (const listener of ['the mesh', 'the application'] as const) {
    describe(`lateen for ${version}, when ${listener} listens`, () => {
      const mode = new Cell<MtlsMode>('DISABLE');
      const log: AccessLogEntry[] = [];
      let inbound: Inbound;
      let server: Server;
      let url: string;

      before(async () => {
        inbound = inboundMesh(mode, log);
        const app = express();
        app.set('env', 'test'); // else Express prints every error
        app.use(lateen(inbound));
        const router = express.Router();
        router.get(
          '/:id',
          (request, response) => void response.json({ id: request.params.id, requestId: request.mesh?.requestId }),
        );
        app.use('/reviews', router);
        app.post('/reviews', express.json(), (request, response) => {
          response.json({ requestId: request.mesh?.requestId, body: request.body });
        });
        app.get('/handled', (_request, _response, next) => next(new LateenError('LATEEN_TIMEOUT', 'reviews took too long')));
        app.get('/outage', (_request, _response, next) =>
          next(
            new TypeError('fetch failed', { cause: new LateenError('LATEEN_NO_HEALTHY_ENDPOINT', 'no endpoint at 10.1.2.3') }),
          ),
        );
        app.get('/bug', (_request, _response, next) => next(Object.assign(new Error('teapot'), { status: 418 })));
        app.use((error: Error & { readonly flag?: string }, _request: Request, response: Response, next: NextFunction) => {
          if (error.flag === 'UT') response.send('an answer of its own');
          else next(error);
        });
        server = listener === 'the mesh' ? inbound.createServer(app as RequestListener) : createServer(app as RequestListener);
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      });
      after(() => {
        inbound.close();
        server.close();
        server.closeAllConnections();
      });

      it('shows the context as req.mesh and records the route template', async () => {
        const answer = (await (await fetch(`${url}/reviews/7`)).json()) as { id: string; requestId: string };
        assert.equal(answer.id, '7');
        assert.match(answer.requestId, /^[0-9a-f-]{36}$/);
        for (let turns = 0; turns < 1_000 && log.length === 0; turns++) await new Promise((resolve) => setImmediate(resolve));
        assert.equal(log.find(({ path }) => path === '/reviews/7')?.routeName, '/reviews/:id');
      });

      it("answers an outage nobody caught with its status, its flag and Envoy's words", async () => {
        const answer = await fetch(`${url}/outage`);
        assert.equal(answer.status, 503);
        assert.equal(answer.headers.get('x-lateen-flag'), 'UH');
        assert.equal(await answer.text(), 'no healthy upstream');
      });

      it("lets the application's own error handler answer first", async () => {
        assert.equal(await (await fetch(`${url}/handled`)).text(), 'an answer of its own');
      });

      it('is in context behind a parsed body', async () => {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`${url}/reviews`, {
          method: 'POST',
          body: slowly('{"id":', '7}'),
          headers,
          duplex: 'half',
        } as object);
        const { requestId, body } = (await answer.json()) as { requestId: string; body: unknown };
        assert.match(requestId, /^[0-9a-f-]{36}$/);
        assert.deepEqual(body, { id: 7 });
      });

      it('leaves other errors to Express', async () => {
        assert.equal((await fetch(`${url}/bug`)).status, 418);
      });

      if (listener === 'the application') {
        it('refuses plaintext under STRICT', async () => {
          mode.set('STRICT');
          assert.equal((await fetch(`${url}/reviews/7`)).status, 403);
          mode.set('DISABLE');
        });
      }
    });
  }
}

/** A body that arrives in pieces, after the request was seen. */
async function* slowly(...pieces: string[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    yield Buffer.from(piece);
  }
}
