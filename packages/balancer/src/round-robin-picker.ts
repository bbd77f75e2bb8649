import type { Random } from '@lateen/core';
import { walkAvailable } from './candidates.ts';
import type { LoadTable } from './load-table.ts';
import type { Picker } from './picker.ts';

/** Beyond this many turns of the wheel a rounder share is good enough. */
const MAX_WHEEL = 4_096;

/**
 * Endpoints in turn, each as often as its weight says, interleaved as evenly as can be.
 *
 * The order is laid out when the membership changes, so that a pick is one step on a wheel. Starts at a random place, lest all processes begin
 * with the same endpoint.
 * Source: nginx's smooth weighted round robin, unrolled.
 */
export class RoundRobinPicker implements Picker {
  readonly algorithm = 'ROUND_ROBIN';
  readonly #table: LoadTable;
  readonly #random: Random;
  #wheel = new Int32Array(0);
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
    const wheel = this.#wheel;
    if (wheel.length === 0) return -1;
    const at = walkAvailable(wheel, this.#table, (this.#position + 1) % wheel.length, avoid, -1);
    if (at === -1) return -1;
    // On from whoever is picked: the one behind an ejected endpoint must not get its turns on top of its own.
    this.#position = at;
    return wheel[at] as number;
  }
}

function wheelOf(slots: Int32Array, weight: Float64Array): Int32Array<ArrayBuffer> {
  if (slots.every((slot) => weight[slot] === weight[slots[0] as number])) return slots as Int32Array<ArrayBuffer>;
  const weights = wholeWeights(Array.from(slots, (slot) => weight[slot] as number));
  const total = weights.reduce((sum, share) => sum + share, 0);
  const wheel = new Int32Array(total);
  const credit = new Float64Array(slots.length);
  for (let turn = 0; turn < total; turn++) {
    let best = 0;
    for (let i = 0; i < slots.length; i++) {
      credit[i] = (credit[i] as number) + (weights[i] as number);
      if ((credit[i] as number) > (credit[best] as number)) best = i;
    }
    credit[best] = (credit[best] as number) - total;
    wheel[turn] = slots[best] as number;
  }
  return wheel;
}

/** The smallest whole numbers in the weights' proportion, bounded by the wheel's size. */
function wholeWeights(weights: readonly number[]): number[] {
  const divisor = weights.reduce(greatestCommonDivisor, 0) || 1;
  const smallest = weights.map((weight) => Math.max(1, Math.round(weight / divisor)));
  const total = smallest.reduce((sum, weight) => sum + weight, 0);
  if (total <= MAX_WHEEL) return smallest;
  return smallest.map((weight) => Math.max(1, Math.round((weight * MAX_WHEEL) / total)));
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}
