import assert from 'node:assert/strict';
import { join } from 'node:path';
import { point } from './kit/check.ts';
import { runNode } from './kit/cli.ts';

interface Told {
  readonly requests: number;
  readonly failed: number;
  readonly failures: readonly string[];
  readonly mixed: number;
  readonly mixes: readonly string[];
  readonly revisions: number;
  readonly refusals: number;
  /** Bytes, from a quarter of the way to the end. */
  readonly heapGrowth: number;
}

const SECONDS = 60;
const CHANGES = 200;
const PER_SECOND = 500;
const MEGABYTE = 1_048_576;

export const liveReload = point<undefined>({
  id: '4.6',
  open: async () => undefined,
  close: async () => {},
  checks: [
    {
      name: 'live-reload-under-load',
      async run(_fixture, report) {
        const program = join(import.meta.dirname, 'programs/live-reload.ts');
        const { code, stdout, stderr } = await runNode(['--expose-gc', program, ...[SECONDS, CHANGES, PER_SECOND].map(String)]);
        assert.equal(code, 0, stderr);
        const told = JSON.parse(stdout) as Told;
        const { requests, failed, mixed, revisions, refusals, heapGrowth } = told;
        report.say(
          `${requests} requests by ${revisions} revisions, ${refusals} refused, heap +${Math.round(heapGrowth / 1024)} KiB`,
        );
        assert.equal(failed, 0, told.failures.join('\n'));
        assert.equal(mixed, 0, told.mixes.join('\n'));
        assert.ok(requests >= SECONDS * PER_SECOND * 0.95, `${requests} requests`);
        assert.ok(refusals >= CHANGES / 10 - 2, `${refusals} refusals`);
        assert.ok(revisions >= CHANGES * 0.8, `${revisions} revisions`);
        assert.ok(heapGrowth < 2 * MEGABYTE, `the heap grew by ${heapGrowth} bytes`);
      },
    },
  ],
});
