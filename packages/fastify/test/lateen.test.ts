import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { Cell, channelSink, LateenError, silentLogger, systemClock, systemRandom } from '@lateen/core';
import { createInbound, type Inbound, type InboundListener, type MtlsMode } from '@lateen/server';
import { type AccessLogEntry, createTracing, MeshMetrics } from '@lateen/telemetry';
import { lateen } from '../src/lateen.ts';

for (const listens of ['the mesh', 'the application'] as const) {
  describe(`lateen for Fastify, when ${listens} listens`, () => {
    const log: AccessLogEntry[] = [];
    const mode = new Cell<MtlsMode>('DISABLE');
    const listeners: InboundListener[] = [];
    let inbound: Inbound;
    let app: FastifyInstance;
    let url: string;

    before(async () => {
      inbound = createInbound({
        clock: systemClock,
        logger: silentLogger,
        events: channelSink,
        identity: undefined,
        mode,
        self: {
          service: 'details',
          host: 'details.default.svc.cluster.local',
          workload: 'details',
          namespace: 'default',
          principal: '',
          app: 'details',
          version: '',
        },
        metrics: new MeshMetrics({ logger: silentLogger }),
        tracing: createTracing({
          serviceName: 'details',
          environment: {},
          clock: systemClock,
          random: systemRandom,
          logger: silentLogger,
        }),
        accessLog: { enabled: true, write: (entry) => log.push(entry) },
        defaults: 'lateen',
        onListening: (listener) => listeners.push(listener),
      });
      app =
        listens === 'the mesh'
          ? (Fastify({ serverFactory: inbound.serverFactory, servicePort: 9080 } as object) as unknown as FastifyInstance)
          : Fastify();
      await app.register(lateen, { mesh: inbound });
      app.get('/details/:id', (request) => ({ requestId: request.mesh?.requestId }));
      app.post('/details', (request) => ({ requestId: request.mesh?.requestId, body: request.body }));
      app.get('/outage', async () => {
        throw new TypeError('fetch failed', { cause: new LateenError('LATEEN_TIMEOUT', 'reviews took too long') });
      });
      app.get('/bug', async () => {
        throw Object.assign(new Error('teapot'), { statusCode: 418 });
      });
      await app.listen({ port: 0, host: '127.0.0.1' });
      url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    });
    after(async () => {
      inbound.close();
      await app.close();
    });

    it('shows the context as request.mesh and records the route template', async () => {
      const { requestId } = (await (await fetch(`${url}/details/7`)).json()) as { requestId: string };
      assert.match(requestId, /^[0-9a-f-]{36}$/);
      for (let turns = 0; turns < 1_000 && log.length === 0; turns++) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(log[0]?.routeName, '/details/:id');
    });

    it('is in context behind a parsed body', async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${url}/details`, {
        method: 'POST',
        body: slowly('{"id":', '7}'),
        headers,
        duplex: 'half',
      } as object);
      const { requestId, body } = (await answer.json()) as { requestId: string; body: unknown };
      assert.match(requestId, /^[0-9a-f-]{36}$/);
      assert.deepEqual(body, { id: 7 });
    });

    it("answers an outage nobody caught with its status, its flag and Envoy's words", async () => {
      const answer = await fetch(`${url}/outage`);
      assert.equal(answer.status, 504);
      assert.equal(answer.headers.get('x-lateen-flag'), 'UT');
      assert.equal(await answer.text(), 'upstream request timeout');
    });

    it('leaves other errors to Fastify', async () => assert.equal((await fetch(`${url}/bug`)).status, 418));

    if (listens === 'the application') {
      it('refuses plaintext under STRICT', async () => {
        mode.set('STRICT');
        assert.equal((await fetch(`${url}/details/7`)).status, 403);
        mode.set('DISABLE');
      });
    }

    if (listens === 'the mesh') {
      it('publishes the logical port given among the options', () => {
        assert.deepEqual(
          listeners.map(({ servicePort }) => servicePort),
          [9080],
        );
      });
    }
  });
}

/** A body that arrives in pieces, after the request was seen. */
async function* slowly(...pieces: string[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    yield Buffer.from(piece);
  }
}
