import type { Random } from '@lateen/core';
import { drawAvailable } from './candidates.ts';
import type { LoadTable } from './load-table.ts';
import { Members } from './members.ts';
import type { Picker } from './picker.ts';
import { WeightedTurns } from './weighted-turns.ts';

/**
 * The one with fewer requests in flight of two drawn at random.
 *
 * Both draws may hit the same endpoint, as Envoy's do: of two, a slow one so keeps a quarter of the requests. Endpoints of different weights take turns instead,
 * as often as weight and requests in flight together say, as Envoy's do.
 * O(1), with different weights O(n); allocates nothing.
 * Source: Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing" (2001); Envoy's LEAST_REQUEST.
 */
export class LeastRequestPicker implements Picker {
  readonly algorithm = 'LEAST_REQUEST';
  readonly #table: LoadTable;
  readonly #random: Random;
  #members = Members.NONE;
  /** Undefined while all weigh the same. */
  #turns: WeightedTurns | undefined;

  constructor(table: LoadTable, random: Random) {
    this.#table = table;
    this.#random = random;
  }

  update(slots: Int32Array): void {
    const same = slots.every((slot) => this.#table.weight[slot] === this.#table.weight[slots[0] as number]);
    this.#members = Members.unweighted(slots);
    this.#turns = same ? undefined : new WeightedTurns(slots);
  }

  pick(avoid: readonly number[] | undefined): number {
    if (this.#turns) return this.#turns.next(this.#table, avoid, true);
    const first = drawAvailable(this.#members, this.#table, this.#random, avoid, -1);
    if (first === -1 || this.#members.count === 1) return first;
    const second = drawAvailable(this.#members, this.#table, this.#random, avoid, -1);
    const { inFlight } = this.#table;
    return (inFlight[second] as number) < (inFlight[first] as number) ? second : first;
  }

  peek(): number {
    return this.#turns ? this.#turns.next(this.#table, undefined, false) : this.pick(undefined);
  }
}
