import type { SeriesCell } from './series-cell.ts';

/** What differs between a request and the next on the same path: code and flags. */
export type CellOf = (status: number, flags: string) => SeriesCell;

/**
 * The series of one path (reporter, peer, service): found once, then recorded into without a label in sight. The first record of each (status, flags)
 * makes a cell; later ones add to numbers.
 */
export class RequestSeries {
  readonly #cellOf: CellOf;
  /** By HTTP status, for the usual case without flags. */
  readonly #plain: (SeriesCell | undefined)[] = [];
  readonly #flagged = new Map<string, (SeriesCell | undefined)[]>();

  constructor(cellOf: CellOf) {
    this.#cellOf = cellOf;
  }

  /**
   * @param status HTTP status, 0 when no answer came
   * @param flags Envoy's, comma-separated; `-` for none
   */
  record(status: number, flags: string, durationMs: number, requestBytes: number, responseBytes: number): void {
    const byStatus = flags === '-' ? this.#plain : this.#flaggedBy(flags);
    (byStatus[status] ??= this.#cellOf(status, flags)).add(durationMs, requestBytes, responseBytes);
  }

  #flaggedBy(flags: string): (SeriesCell | undefined)[] {
    let byStatus = this.#flagged.get(flags);
    if (!byStatus) this.#flagged.set(flags, (byStatus = []));
    return byStatus;
  }
}
