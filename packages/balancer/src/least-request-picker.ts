import type { Random } from '@lateen/core';
import { drawAvailable } from './candidates.ts';
import type { LoadTable } from './load-table.ts';
import { Members } from './members.ts';
import type { Picker } from './picker.ts';

/**
 * The one with fewer requests in flight of two drawn at random, in proportion to their weights.
 *
 * Both draws may hit the same endpoint, as Envoy's do: of two, a slow one so keeps a quarter of the requests.
 * O(1), allocates nothing.
 * Source: Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing" (2001); Envoy's LEAST_REQUEST.
 */
export class LeastRequestPicker implements Picker {
  readonly algorithm = 'LEAST_REQUEST';
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

  pick(avoid: readonly number[] | undefined): number {
    const first = drawAvailable(this.#members, this.#table, this.#random, avoid, -1);
    if (first === -1 || this.#members.count === 1) return first;
    const second = drawAvailable(this.#members, this.#table, this.#random, avoid, -1);
    return this.#load(second) < this.#load(first) ? second : first;
  }

  peek(): number {
    return this.pick(undefined);
  }

  /** Requests in flight for each unit of weight: nothing in flight is a tie, so that idle endpoints get exactly their shares. */
  #load(slot: number): number {
    return (this.#table.inFlight[slot] as number) / (this.#table.weight[slot] as number);
  }
}
