import { Agent, type RequestOptions, request } from 'node:https';
import { request as plainRequest } from 'node:http';
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Cell, channelSink, constant, silentLogger, systemClock, systemRandom } from '@lateen/core';
import type { Svid, TrustBundles } from '@lateen/identity';
import { type TestAuthority, testAuthority } from '@lateen/identity/testing';
import { createTracing, type AccessLogEntry, MeshMetrics } from '@lateen/telemetry';
import { createInbound } from '../src/create-inbound.ts';
import type { Inbound, InboundOptions, MtlsMode } from '../src/inbound.ts';

export interface TestInbound {
  readonly inbound: Inbound;
  readonly mode: Cell<MtlsMode>;
  readonly authority: TestAuthority;
  readonly identity: Cell<Svid | undefined>;
  readonly bundles: Cell<TrustBundles>;
  readonly metrics: MeshMetrics;
  readonly log: AccessLogEntry[];
  listen(handler: RequestListener): Promise<{ server: Server; port: number }>;
  close(): void;
}

export function testInbound(mode: MtlsMode, options: Partial<InboundOptions> = {}): TestInbound {
  const clock = options.clock ?? systemClock;
  const authority = testAuthority(clock.wallNow());
  const identity = new Cell<Svid | undefined>(authority.svid('reviews'));
  const bundles = new Cell<TrustBundles>(authority.bundles);
  const modeCell = new Cell<MtlsMode>(mode);
  const metrics = new MeshMetrics({ logger: silentLogger });
  const log: AccessLogEntry[] = [];
  const servers: Server[] = [];
  const inbound = createInbound({
    clock,
    logger: silentLogger,
    events: channelSink,
    identity: { svid: identity, bundles, problem: constant(undefined), close: () => {} },
    mode: modeCell,
    self: {
      service: 'reviews',
      host: 'reviews.default.svc.cluster.local',
      workload: 'reviews-v1',
      namespace: 'default',
      principal: authority.svid('reviews').id,
      app: 'reviews',
      version: 'v1',
    },
    metrics,
    tracing: createTracing({
      serviceName: 'reviews',
      environment: {},
      clock,
      random: systemRandom,
      logger: silentLogger,
    }),
    accessLog: { enabled: true, write: (entry) => log.push(entry) },
    defaults: 'lateen',
    onListening: () => {},
    ...options,
  });
  return {
    inbound,
    mode: modeCell,
    authority,
    identity,
    bundles,
    metrics,
    log,
    async listen(handler) {
      const server = inbound.createServer(handler);
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { server, port: (server.address() as AddressInfo).port };
    },
    close: () => inbound.close(),
  };
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

export function plainGet(port: number, headers: Record<string, string> = {}, path = '/'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = plainRequest({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode as number, body, headers: response.headers }), reject);
    });
    call.once('error', reject).end();
  });
}

export function meshGet(
  port: number,
  svid: Pick<Svid, 'certificatePem' | 'privateKeyPem'> | undefined,
  options: RequestOptions = {},
): Promise<Answer> {
  const credentials = svid ? { cert: svid.certificatePem, key: svid.privateKeyPem } : {};
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port,
        rejectUnauthorized: false,
        agent: options.agent ?? new Agent({ keepAlive: false, maxCachedSessions: 0 }),
        ...credentials,
        ...options,
      },
      (response) => {
        text(response).then(
          (body) => resolve({ status: response.statusCode as number, body, headers: response.headers }),
          reject,
        );
      },
    );
    call.once('error', reject).end();
  });
}

/** Lets the loop turn until it holds; the test's own timeout ends it otherwise. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
