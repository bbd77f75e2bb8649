import { areaOf, type Case } from './corpus.ts';
import type { KnownDifferences } from './known-differences.ts';

export interface Result {
  readonly case: Case;
  readonly differences: readonly string[];
}

/** Below this share of cases as Istio a run has failed. */
const NEEDED = 0.97;

/** Prints a table per area and every difference; returns whether enough cases are as Istio. */
export function report(results: readonly Result[], known: KnownDifferences): boolean {
  for (const { case: each, differences } of results) {
    if (differences.length === 0) continue;
    const reason = known.reasonOf(each.id);
    console.log(`\n${each.id}: ${each.title}${reason === undefined ? '' : `\n  (known: ${reason})`}`);
    for (const line of differences) console.log(`  ${line.length > 600 ? `${line.slice(0, 600)}…` : line}`);
  }
  for (const id of staleIds(results, known)) console.log(`\n${id} is listed as a difference and is as Istio`);
  printTable(results, known);
  const passed = results.filter(({ differences }) => differences.length === 0).length;
  console.log(`${passed} of ${results.length} cases as Istio`);
  return passed >= results.length * NEEDED;
}

function staleIds(results: readonly Result[], known: KnownDifferences): string[] {
  return results.flatMap(({ case: { id }, differences }) =>
    differences.length === 0 && known.reasonOf(id) !== undefined ? [id] : [],
  );
}

function printTable(results: readonly Result[], known: KnownDifferences): void {
  const areas = new Map<string, Result[]>();
  for (const result of results) {
    const area = areaOf(result.case);
    areas.set(area, [...(areas.get(area) ?? []), result]);
  }
  const width = Math.max(...[...areas.keys()].map((name) => name.length));
  console.log(`\n${'area'.padEnd(width)}  as Istio   of  known  other`);
  for (const [name, each] of areas) {
    const differing = each.filter(({ differences }) => differences.length > 0);
    const listed = differing.filter((result) => known.reasonOf(result.case.id) !== undefined).length;
    const counts = [each.length - differing.length, each.length, listed, differing.length - listed];
    const [same, all, listedText, other] = counts.map(String) as [string, string, string, string];
    console.log(
      `${name.padEnd(width)}  ${same.padStart(8)}  ${all.padStart(3)}  ${listedText.padStart(5)}  ${other.padStart(5)}`,
    );
  }
  console.log('');
}
