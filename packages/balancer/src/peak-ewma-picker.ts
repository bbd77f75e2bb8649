import type { Random } from '@lateen/core';
import { drawAvailable } from './candidates.ts';
import type { LoadTable } from './load-table.ts';
import { Members } from './members.ts';
import { ewmaLoad } from './peak-ewma.ts';
import type { Picker } from './picker.ts';

/**
 * The cheaper of two different endpoints drawn in proportion to their weights; see {@link ewmaLoad} for the cost.
 *
 * Costs within the same power of two count as equal and chance decides: below that, differences of latency are noise, and following them sends
 * everybody to the same endpoint.
 * O(1), allocates nothing. Source: Finagle's `PeakEwma` over two choices.
 */
export class PeakEwmaPicker implements Picker {
  readonly algorithm = 'PEAK_EWMA';
  readonly #table: LoadTable;
  readonly #random: Random;
  #members = Members.NONE;

  constructor(table: LoadTable, random: Random) {
    this.#table = table;
    this.#random = random;
  }

  update(slots: Int32Array): void {
    this.#members = Members.weighted(slots, this.#table);
  }

  pick(avoid: readonly number[] | undefined, nowMs: number): number {
    const first = drawAvailable(this.#members, this.#table, this.#random, avoid, -1);
    if (first === -1 || this.#members.count === 1) return first;
    const second = drawAvailable(this.#members, this.#table, this.#random, avoid, first);
    if (second === -1 || avoid?.includes(second)) return first;
    return this.#magnitude(second, nowMs) < this.#magnitude(first, nowMs) ? second : first;
  }

  peek(nowMs: number): number {
    return this.pick(undefined, nowMs);
  }

  /** The power of two below the cost, from a thousandth of a millisecond up; two logarithms would be half of a pick. */
  #magnitude(slot: number, nowMs: number): number {
    return 32 - Math.clz32(Math.min(ewmaLoad(this.#table, slot, nowMs) * 1_024, 0x7fffffff));
  }
}
