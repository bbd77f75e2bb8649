import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One case that is not as recorded, and why a user would accept that. */
export interface KnownDifference {
  readonly case: string;
  readonly reason: string;
}

export class KnownDifferences {
  readonly #reasons: ReadonlyMap<string, string>;

  constructor(differences: readonly KnownDifference[]) {
    this.#reasons = new Map(differences.map((each) => [each.case, each.reason]));
  }

  /** Undefined for a case that has to be as recorded. */
  reasonOf(id: string): string | undefined {
    return this.#reasons.get(id);
  }
}

const FILE = join(import.meta.dirname, '../differences.json');

/** The list that `docs/istio-differences.md` shows as well. */
export function readKnownDifferences(): KnownDifferences {
  return new KnownDifferences(JSON.parse(readFileSync(FILE, 'utf8')) as KnownDifference[]);
}
