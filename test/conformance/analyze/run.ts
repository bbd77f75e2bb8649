// Runs `lateen analyze` on recorded configurations and compares with what istioctl said of them.
//
//   npm run conformance:analyze -- [--dir DIR] [--only REGEX] [--json FILE]     exit 1 below 97 % as Istio, or 90 % of the cases beyond it
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { differences } from './compare.ts';
import { type Case, readCorpus } from './corpus.ts';
import { report, type Result } from './report.ts';
import { runCase } from './run-case.ts';

async function resultOf(each: Case): Promise<Result> {
  try {
    return { case: each, differences: differences(each, await runCase(each)) };
  } catch (error) {
    return { case: each, differences: [`could not be run: ${(error as Error).stack}`] };
  }
}

const { values: options } = parseArgs({
  options: { dir: { type: 'string' }, only: { type: 'string' }, json: { type: 'string' } },
});
const only = new RegExp(options.only ?? '');
const cases = readCorpus(options.dir ?? join(import.meta.dirname, 'corpus')).filter(({ id }) => only.test(id));
if (cases.length === 0) {
  console.error(`no case matches ${options.only}`);
  process.exit(2);
}
const results: Result[] = [];
for (const each of cases) results.push(await resultOf(each));
if (options.json) {
  const rows = results.map(({ case: { id }, differences: found }) => ({ id, passed: found.length === 0, differences: found }));
  writeFileSync(options.json, `${JSON.stringify(rows, undefined, 1)}\n`);
}
process.exit(report(results) ? 0 : 1);
