import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { request } from 'node:https';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import express5 from 'express';
import { channelSink, constant, silentLogger, systemClock, systemRandom } from '@lateen/core';
import { testAuthority } from '@lateen/identity/testing';
import { createInbound, type MtlsMode } from '@lateen/server';
import { createTracing, MeshMetrics } from '@lateen/telemetry';
import { lateen } from '../src/lateen.ts';

const express4 = createRequire(import.meta.url)('express4') as typeof express5;
const authority = testAuthority(systemClock.wallNow());

describe('lateen for Express over mTLS', () => {
  for (const [version, express] of [
    ['Express 5', express5],
    ['Express 4', express4],
  ] as const) {
    it(`tells ${version} who called, in every form of the headers`, async () => {
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
        const app = express();
        app.use(lateen(inbound));
        app.get('/', ({ mesh, headers, headersDistinct }, response) => {
          const lines = headersDistinct['x-forwarded-client-cert'];
          response.json([mesh?.principal?.id, headers['x-forwarded-client-cert'] === lines?.[0], lines?.length]);
        });
        const server = inbound.createServer(app as RequestListener);
        await once(server.listen(0, '127.0.0.1'), 'listening');
        const { port } = server.address() as AddressInfo;
        const { certificatePem: cert, privateKeyPem: key } = authority.svid('productpage');
        const headers = { 'x-forwarded-client-cert': ['URI=a', 'URI=b'] };
        const call = request({ host: '127.0.0.1', port, rejectUnauthorized: false, cert, key, headers, agent: false }).end();
        const [response] = await once(call, 'response');
        assert.deepEqual(await json(response), ['spiffe://cluster.local/ns/default/sa/productpage', true, 1]);
      } finally {
        inbound.close();
      }
    });
  }
});
