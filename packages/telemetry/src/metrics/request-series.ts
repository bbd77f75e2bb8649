import type { SeriesKey } from '../labels.ts';
import type { RequestFacts } from '../policy/request-facts.ts';
import type { SeriesCell } from './series-cell.ts';

/** What differs between a request and the next on the same path: code and flags, and what a policy has asked of the request itself. */
export type CellOf = (status: number, flags: string, facts?: RequestFacts) => SeriesCell;

/** Where the request's own facts decide, one text for each set of them. */
export type VariantOf = (facts: RequestFacts) => string;

/** Remembered at most; further ones are found by their labels, or counted as overflow. */
const MAX_VARIANTS = 4_000;

/**
 * The series of one path (reporter, peer, service): found once, then recorded into without a label in sight. The first record of each (status, flags)
 * makes a cell; later ones add to numbers.
 */
export class RequestSeries {
  /** Who calls whom. */
  readonly key: SeriesKey;
  /** Set where tags ask something of each request: then `recordFacts` is for it. */
  variant: VariantOf | undefined;
  readonly #cellOf: CellOf;
  /** By HTTP status, for the usual case without flags. */
  #plain: (SeriesCell | undefined)[] = [];
  #flagged = new Map<string, (SeriesCell | undefined)[]>();
  #variants = new Map<string, SeriesCell>();

  constructor(key: SeriesKey, cellOf: CellOf, variant?: VariantOf) {
    this.key = key;
    this.#cellOf = cellOf;
    this.variant = variant;
  }

  /**
   * @param status HTTP status, 0 when no answer came
   * @param flags Envoy's, comma-separated; `-` for none
   */
  record(status: number, flags: string, durationMs: number, requestBytes: number, responseBytes: number): void {
    const byStatus = flags === '-' ? this.#plain : this.#flaggedBy(flags);
    (byStatus[status] ??= this.#cellOf(status, flags)).add(durationMs, requestBytes, responseBytes);
  }

  /** The same for a request whose own facts are part of its labels. */
  recordFacts(facts: RequestFacts): void {
    const { status, flags, durationMs, requestBytes, responseBytes } = facts.entry;
    const key = `${status} ${flags} ${this.variant?.(facts) ?? ''}`;
    let cell = this.#variants.get(key);
    if (!cell) {
      cell = this.#cellOf(status, flags, facts);
      if (this.#variants.size < MAX_VARIANTS) this.#variants.set(key, cell);
    }
    cell.add(durationMs, requestBytes, responseBytes);
  }

  /** From now on other labels: cells are found anew. */
  relabel(variant: VariantOf | undefined): void {
    this.variant = variant;
    this.#plain = [];
    this.#flagged = new Map();
    this.#variants = new Map();
  }

  #flaggedBy(flags: string): (SeriesCell | undefined)[] {
    let byStatus = this.#flagged.get(flags);
    if (!byStatus) this.#flagged.set(flags, (byStatus = []));
    return byStatus;
  }
}
