// npm run bench [-- --quick] [-- --json]: what the mesh costs on the hot path, in ratios and differences within one run.
// Times are told and depend on the machine; what a call holds (no unit) does not, and fails the run.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { countHeldObjects } from './heap/in-flight.ts';
import { benchLoopback } from './http/loopback-bench.ts';
import { benchStub } from './micro/stub-bench.ts';

/** One figure against its gate. `most`: smaller is better. */
interface Gate {
  readonly name: string;
  readonly figure: number;
  readonly unit: string;
  readonly gate: number;
  readonly goal: number;
  readonly kind: 'most' | 'least';
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  });
  const { quick, json } = values;
  const collector = await startCollector();
  const stub = await benchStub(collector.url, quick ? 15 : 60, 20_000);
  const loopback = await benchLoopback(collector.url, quick ? 5 : 15, quick ? 5_000 : 15_000);
  const held = await countHeldObjects(1_000);
  collector.close();
  const gates: Gate[] = [
    {
      name: 'added over a raw stub transport, no header written',
      figure: stub.noHeaderNs / 1_000,
      unit: 'µs',
      gate: 0.6,
      goal: 0.4,
      kind: 'most',
    },
    { name: 'for each header written', figure: stub.perHeaderNs / 1_000, unit: 'µs', gate: 0.35, goal: 0.3, kind: 'most' },
    {
      name: 'added with two headers and 1 % tracing',
      figure: stub.tracedNs / 1_000,
      unit: 'µs',
      gate: 1.4,
      goal: 1.0,
      kind: 'most',
    },
    {
      name: 'throughput vs raw undici, plaintext, c=64',
      figure: loopback.plainRatio,
      unit: '×',
      gate: 0.9,
      goal: 0.97,
      kind: 'least',
    },
    {
      name: 'throughput vs raw undici over TLS, mTLS + 1 % tracing',
      figure: loopback.tlsTracedRatio,
      unit: '×',
      gate: 0.8,
      goal: 0.95,
      kind: 'least',
    },
    { name: 'functions held by a call in flight', figure: held.functions, unit: '', gate: 0.05, goal: 0, kind: 'most' },
    { name: 'promises held by a call in flight', figure: held.promises, unit: '', gate: 0.05, goal: 0, kind: 'most' },
    { name: 'timers held by a call in flight', figure: held.timers, unit: '', gate: 0.05, goal: 0, kind: 'most' },
  ];
  process.stdout.write(json ? `${JSON.stringify({ gates, stub, loopback, held }, null, 2)}\n` : table(gates));
  process.exit(gates.every((gate) => gate.unit !== '' || holds(gate)) ? 0 : 1);
}

function holds({ figure, gate, kind }: Gate): boolean {
  return kind === 'most' ? figure <= gate : figure >= gate;
}

function table(gates: readonly Gate[]): string {
  const lines = gates.map((gate) => {
    const { name, figure, unit, gate: limit, goal, kind } = gate;
    const sign = kind === 'most' ? '≤' : '≥';
    return `${holds(gate) ? '✓' : '✗'} ${name.padEnd(56)} ${figure.toFixed(2).padStart(6)} ${unit.padEnd(2)}  gate ${sign} ${limit}  goal ${goal}`;
  });
  return `${lines.join('\n')}\n`;
}

/** Somewhere for the sampled spans to go. */
async function startCollector(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => request.resume().once('end', () => response.end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

void main();
