import type { Observed } from '../corpus.ts';
import type { Outcome } from '../run-requests.ts';
import { compareExplanation } from './compare-explanation.ts';
import { compareRepeated } from './compare-repeated.ts';
import { compareSingle } from './compare-single.ts';

/** What is other than recorded in one step, and what `mesh.explain` had said otherwise than what then happened. */
export function compareStep(expected: Observed, outcome: Outcome, resources: readonly object[]): string[] {
  if ('total' in expected) return compareRepeated(expected, outcome, resources);
  return [...compareSingle(expected, outcome, resources), ...compareExplanation(outcome)];
}
