import type { Random } from '@lateen/core';
import { drawAvailable } from './candidates.ts';
import type { LoadTable } from './load-table.ts';
import type { Picker } from './picker.ts';

/**
 * The one with fewer requests in flight of two drawn at random; a heavier endpoint counts its requests for less.
 *
 * O(1), allocates nothing.
 * Source: Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing" (2001); Envoy's LEAST_REQUEST.
 */
export class LeastRequestPicker implements Picker {
  readonly algorithm = 'LEAST_REQUEST';
  readonly #table: LoadTable;
  readonly #random: Random;
  #members = new Int32Array(0);

  constructor(table: LoadTable, random: Random) {
    this.#table = table;
    this.#random = random;
  }

  update(slots: Int32Array): void {
    this.#members = slots as Int32Array<ArrayBuffer>;
  }

  pick(avoid: readonly number[] | undefined): number {
    const first = drawAvailable(this.#members, this.#table, this.#random, avoid, -1);
    if (first === -1 || this.#members.length === 1) return first;
    const second = drawAvailable(this.#members, this.#table, this.#random, avoid, first);
    if (second === -1 || avoid?.includes(second)) return first;
    return this.#load(second) < this.#load(first) ? second : first;
  }

  /** (in flight + 1) / weight: with equal weights the fewer requests win, else each gets its share. */
  #load(slot: number): number {
    return ((this.#table.inFlight[slot] as number) + 1) / (this.#table.weight[slot] as number);
  }
}
