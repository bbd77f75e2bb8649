import type { Random } from '@lateen/core';
import type { LoadTable } from './load-table.ts';

/**
 * The slots a picker chooses from, drawn at random in proportion to their weights.
 *
 * A draw is O(1) and allocates nothing, with weights too. Source: Vose, "A Linear Algorithm for Generating Random Numbers with a Given
 * Distribution" (1991).
 */
export class Members {
  static readonly NONE: Members = Members.unweighted(new Int32Array(0));

  readonly slots: Int32Array;
  /** Empty when all weigh the same. */
  readonly #keep: Float64Array;
  readonly #alias: Int32Array;

  static unweighted(slots: Int32Array): Members {
    return new Members(slots, new Float64Array(0));
  }

  static weighted(slots: Int32Array, table: LoadTable): Members {
    const weights = Float64Array.from(slots, (slot) => table.weight[slot] as number);
    return weights.every((weight) => weight === weights[0]) ? Members.unweighted(slots) : new Members(slots, weights);
  }

  private constructor(slots: Int32Array, weights: Float64Array) {
    this.slots = slots;
    this.#keep = new Float64Array(weights.length);
    this.#alias = new Int32Array(weights.length);
    if (weights.length > 0) this.#fill(weights);
  }

  /** Whether some are drawn more often than others. */
  get weighted(): boolean {
    return this.#keep.length > 0;
  }

  get count(): number {
    return this.slots.length;
  }

  /** Only with at least one member. */
  draw(random: Random): number {
    const index = random.int(this.slots.length);
    if (this.#keep.length === 0 || random.next() < (this.#keep[index] as number)) return this.slots[index] as number;
    return this.slots[this.#alias[index] as number] as number;
  }

  /** Each index keeps part of its even share of the draws and hands the rest to one heavier index. */
  #fill(weights: Float64Array): void {
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
    const share = weights.map((weight) => weight / mean);
    const light: number[] = [];
    const heavy: number[] = [];
    share.forEach((part, index) => (part < 1 ? light : heavy).push(index));
    while (light.length > 0 && heavy.length > 0) {
      const small = light.pop() as number;
      const large = heavy.at(-1) as number;
      this.#keep[small] = share[small] as number;
      this.#alias[small] = large;
      share[large] = (share[large] as number) - (1 - (share[small] as number));
      if ((share[large] as number) < 1) light.push(heavy.pop() as number);
    }
    for (const index of [...light, ...heavy]) this.#keep[index] = 1;
  }
}
