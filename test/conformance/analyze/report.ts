import { areaOf, type Case } from './corpus.ts';

export interface Result {
  readonly case: Case;
  readonly differences: readonly string[];
}

/** Below these shares a run has failed: of the cases to be matched, and of those to be beaten. */
const NEEDED = 0.97;
const NEEDED_BEYOND = 0.9;

/** Prints every difference and a table per area; returns whether enough cases are as Istio. */
export function report(results: readonly Result[]): boolean {
  for (const { case: each, differences } of results) {
    if (differences.length === 0) continue;
    console.log(`\n${each.id}: ${each.title}`);
    for (const line of differences) console.log(`  ${line.length > 400 ? `${line.slice(0, 400)}…` : line}`);
  }
  printTable(results);
  const same = results.filter(({ case: { beyond } }) => !beyond);
  const beyond = results.filter(({ case: { beyond } }) => beyond);
  console.log(`${passedOf(beyond)} of ${beyond.length} cases beyond istioctl`);
  console.log(`${passedOf(same)} of ${same.length} cases as Istio`);
  return passedOf(same) >= same.length * NEEDED && passedOf(beyond) >= beyond.length * NEEDED_BEYOND;
}

function passedOf(results: readonly Result[]): number {
  return results.filter(({ differences }) => differences.length === 0).length;
}

function printTable(results: readonly Result[]): void {
  const areas = new Map<string, Result[]>();
  for (const result of results) {
    const area = areaOf(result.case);
    areas.set(area, [...(areas.get(area) ?? []), result]);
  }
  const width = Math.max(...[...areas.keys()].map((name) => name.length));
  console.log(`\n${'area'.padEnd(width)}  as Istio   of  beyond   of`);
  for (const [name, each] of areas) {
    const same = each.filter(({ case: { beyond } }) => !beyond);
    const beyond = each.filter(({ case: { beyond } }) => beyond);
    const cells = [passedOf(same), same.length, passedOf(beyond), beyond.length].map(String) as [string, string, string, string];
    console.log(
      `${name.padEnd(width)}  ${cells[0].padStart(8)}  ${cells[1].padStart(3)}  ${cells[2].padStart(6)}  ${cells[3].padStart(3)}`,
    );
  }
  console.log('');
}
