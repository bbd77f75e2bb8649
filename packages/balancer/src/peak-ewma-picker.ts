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
    const { slots, weighted } = this.#members;
    if (avoid !== undefined || weighted || slots.length < 2) return this.#pickWithCare(avoid, nowMs);
    // One draw is one of all ordered pairs: what a healthy cluster of equals costs is on the way of every request.
    const others = slots.length - 1;
    const pair = this.#random.int(slots.length * others);
    const at = Math.trunc(pair / others);
    const other = pair - at * others;
    const first = slots[at] as number;
    const second = slots[other < at ? other : other + 1] as number;
    const { available } = this.#table;
    if ((available[first] as number) + (available[second] as number) !== 2) return this.#pickWithCare(avoid, nowMs);
    return this.#cheaper(first, second, nowMs);
  }

  peek(nowMs: number): number {
    return this.pick(undefined, nowMs);
  }

  #pickWithCare(avoid: readonly number[] | undefined, nowMs: number): number {
    const first = drawAvailable(this.#members, this.#table, this.#random, avoid, -1);
    if (first === -1 || this.#members.count === 1) return first;
    const second = drawAvailable(this.#members, this.#table, this.#random, avoid, first);
    return second === -1 || avoid?.includes(second) ? first : this.#cheaper(first, second, nowMs);
  }

  #cheaper(first: number, second: number, nowMs: number): number {
    return this.#magnitude(second, nowMs) < this.#magnitude(first, nowMs) ? second : first;
  }

  /** The power of two below the cost, from a thousandth of a millisecond up; two logarithms would be half of a pick. */
  #magnitude(slot: number, nowMs: number): number {
    return 32 - Math.clz32(Math.min(ewmaLoad(this.#table, slot, nowMs) * 1_024, 0x7fffffff));
  }
}
