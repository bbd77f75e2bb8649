// Runs recorded cases of the real Istio against Lateen, through what it exports.
//
//   npm run conformance -- [--dir DIR] [--only REGEX] [--json FILE]     exit 1 below 97 % of the cases
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Fleet } from './backends/fleet.ts';
import { type Case, type Common, OWN_CORPUS, readCorpus } from './corpus.ts';
import { readKnownDifferences } from './known-differences.ts';
import { report, type Result } from './report.ts';
import { runCase } from './run-case.ts';
import { dependsOnTime } from './timing.ts';

/** Cases at a time: many of those that mostly wait, few of those that mostly work. */
const WAITING_AT_ONCE = 6;
const WORKING_AT_ONCE = 2;

async function runAll(cases: readonly Case[], common: Common, atOnce: number): Promise<Result[]> {
  const queue = [...cases];
  const results: Result[] = [];
  const work = async (): Promise<void> => {
    const fleet = await Fleet.start(common);
    for (let each = queue.shift(); each; each = queue.shift()) results.push(await resultOf(each, common, fleet));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, cases.length) }, work));
  return results;
}

async function resultOf(each: Case, common: Common, fleet: Fleet): Promise<Result> {
  try {
    return { case: each, differences: await runCase(each, common, fleet) };
  } catch (error) {
    return { case: each, differences: [`could not be run: ${(error as Error).stack}`] };
  }
}

const { values: options } = parseArgs({
  options: { dir: { type: 'string' }, only: { type: 'string' }, json: { type: 'string' } },
});
const { common, cases } = readCorpus(options.dir ?? OWN_CORPUS);
const only = new RegExp(options.only ?? '');
const wanted = cases.filter(({ id }) => only.test(id));
if (wanted.length === 0) {
  console.error(`no case matches ${options.only}`);
  process.exit(2);
}
const working = await runAll(
  wanted.filter((each) => !dependsOnTime(each)),
  common,
  WORKING_AT_ONCE,
);
const waiting = await runAll(wanted.filter(dependsOnTime), common, WAITING_AT_ONCE);
const byId = new Map([...working, ...waiting].map((result) => [result.case.id, result]));
const results = wanted.flatMap(({ id }) => byId.get(id) ?? []);
if (options.json) {
  const rows = results.map(({ case: { id }, differences }) => ({ id, passed: differences.length === 0, differences }));
  writeFileSync(options.json, `${JSON.stringify(rows, undefined, 1)}\n`);
}
process.exit(report(results, readKnownDifferences()) ? 0 : 1);
