import type { Random } from '@lateen/core';
import { drawAvailable } from './candidates.ts';
import type { LoadTable } from './load-table.ts';
import { Members } from './members.ts';
import type { Picker } from './picker.ts';

/** Any available endpoint, each as likely as the other: like Envoy's, weights do not count. */
export class RandomPicker implements Picker {
  readonly algorithm = 'RANDOM';
  readonly #table: LoadTable;
  readonly #random: Random;
  #members = Members.NONE;

  constructor(table: LoadTable, random: Random) {
    this.#table = table;
    this.#random = random;
  }

  update(slots: Int32Array): void {
    this.#members = Members.unweighted(slots);
  }

  pick(avoid: readonly number[] | undefined): number {
    return drawAvailable(this.#members, this.#table, this.#random, avoid, -1);
  }

  peek(): number {
    return this.pick(undefined);
  }
}
