import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Dispatcher, Pool as PoolType } from 'undici';
import { systemClock } from '@lateen/core';
import { testAuthority } from '@lateen/identity/testing';
import { meshUnderTest, ORIGIN, tracingAtOnePercent } from '../support/mesh-under-test.ts';
import { alternate, type Measured, medianRatio, type Variant } from '../support/slices.ts';
import type { EchoServerOrder } from './echo-server.ts';

/** undici as the client package has it. */
const { Pool } = createRequire(import.meta.resolve('@lateen/client'))('undici') as { Pool: typeof PoolType };

export interface LoopbackFigures {
  /** Throughput of the whole mesh over plaintext relative to a raw undici Pool. */
  readonly plainRatio: number;
  /** The same over mTLS with 1 % of the traces sampled, relative to a raw Pool over TLS. */
  readonly tlsTracedRatio: number;
  readonly measured: readonly Measured[];
}

const CONCURRENCY = 64;
const HEADERS = ['accept', 'application/json'];

/** Real sockets: one server process, 64 requests in flight, everything of the mesh on. */
export async function benchLoopback(collector: string, rounds: number, count: number): Promise<LoopbackFigures> {
  const authority = testAuthority(systemClock.wallNow());
  const server = authority.svid('reviews');
  const client = authority.svid('productpage');
  const plain = await startServer({});
  const tls = await startServer({ cert: server.certificatePem, key: server.privateKeyPem });
  const rawPlain = new Pool(`http://127.0.0.1:${plain.port}`, { connections: CONCURRENCY, allowH2: false });
  const rawTls = new Pool(`https://127.0.0.1:${tls.port}`, {
    connections: CONCURRENCY,
    allowH2: false,
    connect: { cert: client.certificatePem, key: client.privateKeyPem, rejectUnauthorized: false, maxCachedSessions: 0 },
  });
  const meshPlain = meshUnderTest({ ports: [plain.port] });
  const meshTls = meshUnderTest({
    ports: [tls.port],
    tls: 'mutual',
    identity: authority.identity(client),
    tracing: tracingAtOnePercent(collector),
  });
  try {
    const measured = await alternate(
      [
        load('raw undici, plaintext', rawPlain, `http://127.0.0.1:${plain.port}`),
        load('mesh, plaintext', meshPlain.dispatcher, ORIGIN),
        load('raw undici, TLS', rawTls, `https://127.0.0.1:${tls.port}`),
        load('mesh, mTLS, 1 % traced', meshTls.dispatcher, ORIGIN),
      ],
      rounds,
      count,
    );
    const [raw, mesh, rawSecure, meshSecure] = measured as [Measured, Measured, Measured, Measured];
    return { plainRatio: medianRatio(mesh, raw), tlsTracedRatio: medianRatio(meshSecure, rawSecure), measured };
  } finally {
    await Promise.all([rawPlain.destroy(), rawTls.destroy(), meshPlain.close(), meshTls.close()]);
    plain.process.disconnect();
    tls.process.disconnect();
  }
}

async function startServer(order: EchoServerOrder): Promise<{ readonly process: ChildProcess; readonly port: number }> {
  const child = fork(join(import.meta.dirname, 'echo-server.ts'));
  child.send(order);
  const [port] = (await once(child, 'message')) as [number];
  return { process: child, port };
}

interface Dispatches {
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean;
}

/** Keeps {@link CONCURRENCY} requests in flight until `count` have been answered. */
function load(name: string, dispatcher: Dispatches, origin: string): Variant {
  return {
    name,
    run: (count) =>
      new Promise((resolve, reject) => {
        let left = count;
        let answered = 0;
        const next = (): void => {
          if (left-- > 0) dispatcher.dispatch({ origin, path: '/reviews/0', method: 'GET', headers: HEADERS }, handler);
        };
        const handler: Dispatcher.DispatchHandler = {
          onRequestStart() {},
          onResponseStart(_controller, status) {
            if (status !== 200) reject(new Error(`${name}: ${status}`));
          },
          onResponseData() {},
          onResponseEnd() {
            if (++answered === count) resolve();
            else next();
          },
          onResponseError: (_controller, error) => reject(error),
        };
        for (let i = 0; i < CONCURRENCY; i++) next();
      }),
  };
}
