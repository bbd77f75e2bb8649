import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import Fastify, { type FastifyInstance } from 'fastify';
import { channelSink, constant, silentLogger, systemClock, systemRandom } from '@lateen/core';
import { testAuthority } from '@lateen/identity/testing';
import { createInbound, type MtlsMode } from '@lateen/server';
import { createTracing, MeshMetrics } from '@lateen/telemetry';
import { lateen } from '../src/lateen.ts';

const authority = testAuthority(systemClock.wallNow());

describe('lateen for Fastify over mTLS', () => {
  it('tells Fastify who called, in every form of the headers', async () => {
    const inbound = createInbound({
      clock: systemClock,
      logger: silentLogger,
      events: channelSink,
      identity: authority.identity(authority.svid('reviews')),
      mode: constant<MtlsMode>('STRICT'),
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
      accessLog: { enabled: false, write: () => {} },
      defaults: 'lateen',
      onListening: () => {},
    });
    try {
      const app = Fastify({ serverFactory: inbound.serverFactory }) as unknown as FastifyInstance;
      await app.register(lateen, { mesh: inbound });
      app.get('/', ({ mesh, headers, raw }) => {
        const lines = raw.headersDistinct['x-forwarded-client-cert'];
        return [mesh?.principal?.id, headers['x-forwarded-client-cert'] === lines?.[0], lines?.length];
      });
      await app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = app.server.address() as AddressInfo;
      const { certificatePem: cert, privateKeyPem: key } = authority.svid('productpage');
      const headers = { 'x-forwarded-client-cert': ['URI=a', 'URI=b'] };
      const call = request({ host: '127.0.0.1', port, rejectUnauthorized: false, cert, key, headers, agent: false }).end();
      const [response] = await once(call, 'response');
      assert.deepEqual(await json(response), ['spiffe://cluster.local/ns/default/sa/productpage', true, 1]);
    } finally {
      inbound.close();
    }
  });
});
