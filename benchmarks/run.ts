// npm run bench: the hot path against its gates.
//
//   node benchmarks/run.ts [--quick] [--json]
//
// Everything is compared within one run, in alternated slices, as medians of ratios or differences; absolute figures depend on the machine. Exit 1
// when a figure is beyond twice its gate.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { benchStart } from './cli/start-bench.ts';
import type { HeldFigures } from './heap/held-calls.ts';
import { benchLoopback } from './http/loopback-bench.ts';
import { startServer } from './http/server-process.ts';
import { benchStub } from './micro/stub-bench.ts';
import { benchRouting } from './routing/routing-bench.ts';

interface Row {
  readonly what: string;
  readonly gate: string;
  readonly goal: string;
  readonly measured: string;
  readonly holds: boolean;
  /** Beyond twice the gate. */
  readonly fails: boolean;
}

const quick = process.argv.includes('--quick');
const json = process.argv.includes('--json');

function costRow(what: string, ns: number, gateUs: number, goalUs: number): Row {
  const us = ns / 1_000;
  return {
    what,
    gate: `≤ ${gateUs} µs`,
    goal: `${goalUs} µs`,
    measured: `${us.toFixed(2)} µs`,
    holds: us <= gateUs,
    fails: us > 2 * gateUs,
  };
}

function ratioRow(what: string, ratio: number, gate: number, goal: number): Row {
  return {
    what,
    gate: `≥ ${gate.toFixed(2)} ×`,
    goal: `${goal.toFixed(2)} ×`,
    measured: `${ratio.toFixed(2)} ×`,
    holds: ratio >= gate,
    fails: 1 - ratio > 2 * (1 - gate),
  };
}

function timeRow(what: string, measured: number, unit: 'µs' | 'ms', gate: number, goal: number): Row {
  return {
    what,
    gate: `≤ ${gate} ${unit}`,
    goal: `${goal} ${unit}`,
    measured: `${measured.toFixed(2)} ${unit}`,
    holds: measured <= gate,
    fails: measured > 2 * gate,
  };
}

function heldRow({ calls, forbidden }: HeldFigures): Row {
  const found = Object.entries(forbidden).map(([name, count]) => `${count} ${name}`);
  return {
    what: `functions, promises, timers per call, ${calls} held`,
    gate: 'none',
    goal: 'none',
    measured: found.length === 0 ? 'none' : found.join(', '),
    holds: found.length === 0,
    fails: found.length > 0,
  };
}

function heldCalls(): HeldFigures {
  const program = join(import.meta.dirname, 'heap', 'held-calls.ts');
  const args = ['--expose-gc', '--disable-warning=ExperimentalWarning', program];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })) as HeldFigures;
}

function print(rows: readonly Row[]): void {
  const table = [
    ['', 'gate', 'goal', 'measured', ''],
    ...rows.map((row) => [
      row.what,
      row.gate,
      row.goal,
      row.measured,
      row.holds ? 'holds' : row.fails ? 'FAILS' : 'beyond the gate',
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((line) => (line[column] as string).length)));
  for (const line of table) {
    process.stdout.write(
      `${line
        .map((cell, column) => cell.padEnd(widths[column] as number))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
}

async function run(): Promise<void> {
  const collector = await startServer({ ports: 1 });
  const collectorUrl = `http://127.0.0.1:${collector.ports[0]}`;
  const stub = await benchStub(collectorUrl, quick ? 150 : 600, 2_000);
  const loopback = await benchLoopback(collectorUrl, quick ? 8 : 24, quick ? 2_000 : 4_000);
  collector.stop();
  const held = heldCalls();
  const routing = benchRouting(quick ? 5 : 20);
  const startMs = benchStart(quick ? 5 : 11);
  const rows = [
    costRow('added to a stub transport, no header of ours', stub.noHeaderNs, 0.6, 0.4),
    costRow('each header of ours', stub.perHeaderNs, 0.35, 0.3),
    costRow('two headers, 1 % traced', stub.tracedNs, 1.4, 1),
    ratioRow('loopback, c=64, everything on, against raw undici', loopback.meshRatio, 0.9, 0.97),
    ratioRow('mTLS and 1 % traced, against raw undici over mTLS', loopback.meshTlsRatio, 0.8, 0.95),
    heldRow(held),
    timeRow('route of a service without rules', routing.plainNs / 1_000, 'µs', 0.1, 0.05),
    timeRow('last of 1000 exact and prefix routes, exact', routing.lastExactNs / 1_000, 'µs', 2, 0.3),
    timeRow('last of 1000 exact and prefix routes, prefix', routing.lastPrefixNs / 1_000, 'µs', 2, 0.3),
    timeRow('last of 50 routes by regex', routing.regexesNs / 1_000, 'µs', 200, 50),
    timeRow('2000 parsed resources compiled', routing.compileMs, 'ms', 300, 100),
    timeRow('one of them changed', routing.changeMs, 'ms', 10, 5),
    timeRow('lateen analyze of a small file, start to end', startMs, 'ms', 250, 150),
  ];
  if (json)
    process.stdout.write(
      `${JSON.stringify({ node: process.version, quick, rows, stub, loopback, held, routing, startMs }, undefined, 1)}\n`,
    );
  else {
    print(rows);
    const { rawRps, meshCpuRatio, rawTlsRps, meshTlsCpuRatio } = loopback;
    process.stdout.write(
      `raw undici ${rawRps} rps, client CPU ${meshCpuRatio.toFixed(2)} × raw; over mTLS ${rawTlsRps} rps, ${meshTlsCpuRatio.toFixed(2)} ×\n`,
    );
    process.stdout.write(`2000 resources read from YAML, positions and validation included: ${routing.readMs.toFixed(0)} ms\n`);
  }
  process.exit(rows.some(({ fails }) => fails) ? 1 : 0);
}

void run();
