// The HTTP/2 engine between two processes, against raw undici and node:http over plaintext HTTP/1.1: CPU of both processes together, and throughput.
//
//   node --conditions=@lateen/source benchmarks/wire/engine-bench.ts [--seconds 8] [--large]
//
// The variants take turns in short slices; ratios are medians over the rounds of one run.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { Pool } from 'undici';
import { systemClock } from '@lateen/core';
import { ClientSession, type DispatchHandler, type DispatchRequest } from '@lateen/http2';
import { testAuthority } from '@lateen/identity/testing';
import type { EngineServerPorts } from './engine-server.ts';

interface Variant {
  readonly name: string;
  dispatch(request: DispatchRequest, handler: DispatchHandler): unknown;
}

interface Slice {
  readonly cpuUs: number;
  readonly rps: number;
}

const seconds = Number(process.argv[process.argv.indexOf('--seconds') + 1]) || 8;
const large = process.argv.includes('--large');

function loop(variant: Variant, concurrency: number, count: number): Promise<void> {
  const request = {
    origin: 'http://reviews:9080',
    path: large ? '/large' : '/reviews/0',
    method: 'GET',
    headers: ['accept', 'application/json', 'user-agent', 'bench', 'x-tenant', 'blue'],
  };
  return new Promise((resolve, reject) => {
    let left = count;
    let open = 0;
    const send = (): void => {
      left--;
      open++;
      variant.dispatch(request, {
        onRequestStart() {},
        onResponseStart(_controller, status) {
          if (status !== 200) reject(new Error(`status ${status}`));
        },
        onResponseData() {},
        onResponseEnd() {
          open--;
          if (left > 0) send();
          else if (open === 0) resolve();
        },
        onResponseError(_controller, error) {
          reject(error);
        },
      });
    };
    for (let i = 0; i < concurrency; i++) send();
  });
}

async function serverCpuUs(server: ChildProcess): Promise<number> {
  server.send('cpu');
  const [{ cpu }] = (await once(server, 'message')) as [{ cpu: NodeJS.CpuUsage }];
  return cpu.user + cpu.system;
}

async function measure(server: ChildProcess, variant: Variant, concurrency: number, count: number): Promise<Slice> {
  const serverBefore = await serverCpuUs(server);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await loop(variant, concurrency, count);
  const elapsedMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  const total = user + system + (await serverCpuUs(server)) - serverBefore;
  return { cpuUs: total / count, rps: (count / elapsedMs) * 1000 };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

async function compare(server: ChildProcess, variants: readonly Variant[], concurrency: number, count: number, budgetMs: number) {
  const slices = variants.map((): Slice[] => []);
  const endsAt = performance.now() + budgetMs;
  for (const variant of variants) await loop(variant, concurrency, Math.max(count, large ? 8 : 2000));
  do {
    for (const [at, variant] of variants.entries()) slices[at]?.push(await measure(server, variant, concurrency, count));
  } while (performance.now() < endsAt);
  const base = slices[0] as Slice[];
  for (const [at, { name }] of variants.entries()) {
    const own = slices[at] as Slice[];
    const cpu = median(own.map((slice) => slice.cpuUs));
    const rps = median(own.map((slice) => slice.rps));
    const cpuRatio = median(own.map((slice, round) => slice.cpuUs / (base[round] as Slice).cpuUs));
    const rpsRatio = median(own.map((slice, round) => slice.rps / (base[round] as Slice).rps));
    const line = [
      `c=${concurrency}`.padEnd(5),
      name.padEnd(34),
      `${cpu.toFixed(1)} µs`.padStart(10),
      `${rps.toFixed(0)} rps`.padStart(11),
    ];
    process.stdout.write(`${line.join('  ')}   cpu ${cpuRatio.toFixed(3)} ×   rps ${rpsRatio.toFixed(2)} ×\n`);
  }
}

async function run(): Promise<void> {
  const authority = testAuthority(systemClock.wallNow());
  const credentials = (name: string) => {
    const svid = authority.svid(name);
    return { cert: svid.certificatePem, key: svid.privateKeyPem, ca: authority.root.toString() };
  };
  const server = fork(join(import.meta.dirname, 'engine-server.ts'), {
    execArgv: ['--conditions=@lateen/source', '--disable-warning=ExperimentalWarning'],
  });
  server.send({ credentials: credentials('reviews') });
  const [{ ports }] = (await once(server, 'message')) as [{ ports: EngineServerPorts }];
  const plainSocket = connectTcp(ports.plain, '127.0.0.1');
  const tlsSocket = connectTls({
    ...credentials('productpage'),
    host: '127.0.0.1',
    port: ports.tls,
    ALPNProtocols: ['h2'],
    checkServerIdentity: () => undefined,
  });
  await Promise.all([once(plainSocket, 'connect'), once(tlsSocket, 'secureConnect')]);
  plainSocket.setNoDelay(true);
  tlsSocket.setNoDelay(true);
  const options = { clock: systemClock, authority: 'reviews:9080' };
  const pool = new Pool(`http://127.0.0.1:${ports.http1}`, { connections: 64, allowH2: false });
  const tlsPool = new Pool(`https://127.0.0.1:${ports.https1}`, {
    connections: 64,
    allowH2: false,
    connect: { ...credentials('productpage'), checkServerIdentity: () => undefined },
  });
  const variants: Variant[] = [
    { name: 'undici → node:http, plaintext', dispatch: (request, handler) => pool.dispatch(request as never, handler as never) },
    { name: 'undici → node:https, mTLS', dispatch: (request, handler) => tlsPool.dispatch(request as never, handler as never) },
    new NamedSession('engine, plaintext', new ClientSession(plainSocket, options)),
    new NamedSession('engine, mTLS', new ClientSession(tlsSocket, options)),
  ];
  const levels = large ? [8, 1] : [64, 8, 1];
  for (const c of levels) {
    const count = large ? c * 8 : c === 1 ? 500 : 3000;
    await compare(server, variants, c, count, (seconds * 1000) / levels.length);
  }
  server.kill();
  process.exit(0);
}

class NamedSession implements Variant {
  readonly name: string;
  readonly #session: ClientSession;

  constructor(name: string, session: ClientSession) {
    this.name = name;
    this.#session = session;
  }

  dispatch(request: DispatchRequest, handler: DispatchHandler): void {
    this.#session.dispatch(request, handler);
  }
}

void run();
