import type { Random } from '@lateen/core';
import { walkAvailable } from './candidates.ts';
import type { LoadTable } from './load-table.ts';
import type { Picker } from './picker.ts';
import { smoothWheel } from './smooth-wheel.ts';

/**
 * Endpoints in turn, each as often as its weight says, interleaved as evenly as can be.
 *
 * The order is laid out when the membership changes, so that a pick is one step on a wheel. Starts at a random place, lest all processes begin
 * with the same endpoint.
 */
export class RoundRobinPicker implements Picker {
  readonly algorithm = 'ROUND_ROBIN';
  readonly #table: LoadTable;
  readonly #random: Random;
  #wheel: Int32Array = new Int32Array(0);
  #position = 0;

  constructor(table: LoadTable, random: Random) {
    this.#table = table;
    this.#random = random;
  }

  update(slots: Int32Array): void {
    this.#wheel = wheelOf(slots, this.#table.weight);
    this.#position = this.#wheel.length > 0 ? this.#random.int(this.#wheel.length) : 0;
  }

  pick(avoid: readonly number[] | undefined): number {
    const at = this.#next(avoid);
    if (at === -1) return -1;
    // On from whoever is picked: the one behind an ejected endpoint must not get its turns on top of its own.
    this.#position = at;
    return this.#wheel[at] as number;
  }

  peek(): number {
    const at = this.#next(undefined);
    return at === -1 ? -1 : (this.#wheel[at] as number);
  }

  #next(avoid: readonly number[] | undefined): number {
    const wheel = this.#wheel;
    return wheel.length === 0 ? -1 : walkAvailable(wheel, this.#table, (this.#position + 1) % wheel.length, avoid, -1);
  }
}

function wheelOf(slots: Int32Array, weight: Float64Array): Int32Array {
  if (slots.every((slot) => weight[slot] === weight[slots[0] as number])) return slots;
  return smoothWheel(Array.from(slots, (slot) => weight[slot] as number)).map((index) => slots[index] as number);
}
