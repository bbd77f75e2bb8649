// npm run acceptance: real processes, real components, one line a check.
//
//   npm run acceptance -- --only 4.2              one point
//   npm run acceptance -- --only request-routing  checks by name
//
// Time gates are printed and fail only beyond twice the gate. A check that needs a component that is not here is skipped.
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { page } from './01-page.ts';
import { scenarios } from './02-scenarios.ts';
import { identity } from './03-identity.ts';
import { tasks } from './03-tasks.ts';
import { availability } from './04-availability.ts';
import { consul } from './05-consul.ts';
import { metrics } from './06-metrics.ts';
import { traces } from './06-traces.ts';
import { badInput } from './08-bad-input.ts';
import { leaks } from './09-leaks.ts';
import { liveReload } from './10-live-reload.ts';
import { WORK } from './kit/bookinfo.ts';
import { type Outcome, type RunnablePoint, seconds } from './kit/check.ts';
import { type Component, find } from './kit/components.ts';

const points: readonly RunnablePoint[] = [
  page,
  ...scenarios,
  tasks,
  identity,
  ...availability,
  consul,
  ...traces,
  metrics,
  badInput,
  leaks,
  liveReload,
];
const told = new WeakSet<Error>();
const counts = { passed: 0, failed: 0, skipped: 0 };

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
  mkdirSync(WORK, { recursive: true });
  const only = values.only ?? [];
  const started = performance.now();
  for (const point of points) await runPoint(point, only);
  process.stdout.write(`\n${seconds(performance.now() - started)}\n`);
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  process.exit(counts.failed > 0 || counts.passed + counts.skipped === 0 ? 1 : 0);
}

async function runPoint(point: RunnablePoint, only: readonly string[]): Promise<void> {
  const wanted = point.checks.filter(({ name }) => only.length === 0 || only.some((filter) => isMeant(filter, point.id, name)));
  const runnable = new Set<string>();
  for (const { name, needs } of wanted) {
    const absent = [...point.needs, ...needs].filter((component) => find(component) === undefined);
    if (absent.length > 0) skip(point.id, name, absent);
    else runnable.add(name);
  }
  if (runnable.size > 0) await point.run(runnable, (name, outcome) => settle(point.id, name, outcome));
}

function isMeant(filter: string, id: string, name: string): boolean {
  return `${id} ${name}`.startsWith(filter) || name.includes(filter);
}

function settle(id: string, name: string, { error, figures, elapsedMs }: Outcome): void {
  counts[error ? 'failed' : 'passed']++;
  const mark = error ? '✗' : '✓';
  process.stdout.write(`${mark} ${id} ${name.padEnd(44)} ${[...figures, `[${seconds(elapsedMs)}]`].join('  ')}\n`);
  if (error && !told.has(error)) process.stdout.write(`    ${explained(error).replaceAll('\n', '\n    ')}\n`);
  if (error) told.add(error); // a fixture that does not open fails all its checks with one error
}

function skip(id: string, name: string, absent: readonly Component[]): void {
  counts.skipped++;
  process.stdout.write(`- ${id} ${name.padEnd(44)} skipped: no ${absent.join(', no ')} here (.ci/components installs it)\n`);
}

function explained(error: Error): string {
  const stack = (error.stack ?? error.message)
    .split('\n')
    .filter((line) => !line.includes('node:internal'))
    .slice(0, 8)
    .join('\n');
  return error.cause === undefined
    ? stack
    : `${stack}\ncause: ${error.cause instanceof Error ? error.cause.message : String(error.cause)}`;
}

void main();
