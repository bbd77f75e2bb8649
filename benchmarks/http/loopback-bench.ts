import { Pool } from 'undici';
import { Cell, systemClock } from '@lateen/core';
import type { Svid } from '@lateen/identity';
import { testAuthority } from '@lateen/identity/testing';
import { meshUnderTest, ORIGIN, tracingAtOnePercent } from '../support/mesh-under-test.ts';
import { alternate, type Measured, medianRatio } from '../support/slices.ts';
import { closedLoop, type Next } from './closed-loop.ts';
import { startServer } from './server-process.ts';

export interface LoopbackFigures {
  readonly rawRps: number;
  /** Throughput relative to raw undici over the same ports. */
  readonly meshRatio: number;
  /** CPU of the client process relative to raw undici's. */
  readonly meshCpuRatio: number;
  readonly rawTlsRps: number;
  /** With mTLS and 1 % tracing, relative to raw undici over mTLS. */
  readonly meshTlsRatio: number;
  readonly meshTlsCpuRatio: number;
  readonly measured: readonly Measured[];
}

const PORTS = 4;
const CONCURRENCY = 64;

/** Real servers on loopback, all callers of a slice through raw undici or through the mesh. */
export async function benchLoopback(collector: string, rounds: number, count: number): Promise<LoopbackFigures> {
  const plain = await benchPlain(rounds, count);
  const tls = await benchTls(collector, rounds, count);
  const rps = ({ medianNs }: Measured): number => Math.round(1e9 / medianNs);
  return {
    rawRps: rps(plain[0]),
    meshRatio: medianRatio(plain[1], plain[0]),
    meshCpuRatio: plain[1].cpuUs / plain[0].cpuUs,
    rawTlsRps: rps(tls[0]),
    meshTlsRatio: medianRatio(tls[1], tls[0]),
    meshTlsCpuRatio: tls[1].cpuUs / tls[0].cpuUs,
    measured: [...plain, ...tls],
  };
}

async function benchPlain(rounds: number, count: number): Promise<[Measured, Measured]> {
  const server = await startServer({ ports: PORTS });
  const pools = server.ports.map((port) => new Pool(`http://127.0.0.1:${port}`, { connections: CONCURRENCY, allowH2: false }));
  const mesh = meshUnderTest({ ports: server.ports });
  const measured = await alternate(
    [
      { name: 'raw undici', run: (n) => closedLoop(roundRobin(pools), 'http://reviews:9080', CONCURRENCY, n) },
      { name: 'mesh, everything on', run: (n) => closedLoop(() => mesh.dispatcher, ORIGIN, CONCURRENCY, n) },
    ],
    rounds,
    count,
  );
  await Promise.all([mesh.close(), ...pools.map((pool) => pool.destroy())]);
  server.stop();
  return measured as [Measured, Measured];
}

async function benchTls(collector: string, rounds: number, count: number): Promise<[Measured, Measured]> {
  const authority = testAuthority(systemClock.wallNow());
  const serverSvid = authority.svid('reviews');
  const own = authority.svid('productpage');
  const authorityPem = authority.root.toString();
  const server = await startServer({ ports: PORTS, credentials: { ...credentialsOf(serverSvid), authorityPem } });
  const connect = {
    cert: own.certificatePem,
    key: own.privateKeyPem,
    ca: authorityPem,
    minVersion: 'TLSv1.3' as const,
    checkServerIdentity: () => undefined,
  };
  const pools = server.ports.map(
    (port) => new Pool(`https://127.0.0.1:${port}`, { connections: CONCURRENCY, allowH2: false, connect }),
  );
  const mesh = meshUnderTest({
    ports: server.ports,
    tls: 'mutual',
    identity: authority.identity(new Cell<Svid | undefined>(own)),
    tracing: tracingAtOnePercent(collector),
  });
  const measured = await alternate(
    [
      { name: 'raw undici, mTLS', run: (n) => closedLoop(roundRobin(pools), 'https://reviews:9080', CONCURRENCY, n) },
      { name: 'mesh, mTLS, 1 % traced', run: (n) => closedLoop(() => mesh.dispatcher, ORIGIN, CONCURRENCY, n) },
    ],
    rounds,
    count,
  );
  await Promise.all([mesh.close(), ...pools.map((pool) => pool.destroy())]);
  server.stop();
  return measured as [Measured, Measured];
}

function credentialsOf({ certificatePem, privateKeyPem }: Svid): { certificatePem: string; privateKeyPem: string } {
  return { certificatePem, privateKeyPem };
}

function roundRobin(pools: readonly Pool[]): Next {
  let turn = 0;
  return () => pools[turn++ % pools.length] as Pool;
}
