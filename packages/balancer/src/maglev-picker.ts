import type { Random } from '@lateen/core';
import { walkAvailable } from './candidates.ts';
import { hashText, NO_HASH } from './hash-text.ts';
import type { LoadTable } from './load-table.ts';
import type { Picker } from './picker.ts';

const SKIP_SEED = 0x5bd1e995;
const EMPTY = -1;

/**
 * A table in which each endpoint owns its share of the entries; a request goes to the owner of its hash's entry. Evener than a ring and O(1), at the price of
 * a few more requests that move when an endpoint comes or goes. The entries of one that is out go to their next neighbours' owners.
 *
 * What was tried before does not count: the same hash means the same endpoint. Allocates nothing.
 * Source: Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer" (2016); weights as in Envoy's MAGLEV.
 */
export class MaglevPicker implements Picker {
  readonly algorithm = 'MAGLEV';
  readonly #table: LoadTable;
  readonly #random: Random;
  readonly #size: number;
  #entries: Int32Array = new Int32Array(0);

  /** @param tableSize a prime */
  constructor(table: LoadTable, random: Random, tableSize: number) {
    this.#table = table;
    this.#random = random;
    this.#size = tableSize;
  }

  update(slots: Int32Array, weights: ArrayLike<number> = Array.from(slots, (slot) => this.#table.weight[slot] as number)): void {
    const candidates = Array.from(
      slots,
      (slot, index) => new Candidate(slot, this.#table.name(slot), weights[index] as number, this.#size),
    );
    // Who comes first may take an entry that two want: the order has to be the same everywhere.
    candidates.sort((one, other) => (one.name < other.name ? -1 : 1));
    this.#entries = candidates.length === 0 ? new Int32Array(0) : this.#fill(candidates);
  }

  pick(_avoid: readonly number[] | undefined, _nowMs: number, hash: number): number {
    if (this.#entries.length === 0) return -1;
    const start = (hash === NO_HASH ? this.#random.int(0x1_0000_0000) : hash) % this.#size;
    const slot = this.#entries[start] as number;
    if (this.#table.available[slot] === 1) return slot;
    const at = walkAvailable(this.#entries, this.#table, start, undefined, -1);
    return at === -1 ? -1 : (this.#entries[at] as number);
  }

  peek(nowMs: number, hash: number): number {
    return this.pick(undefined, nowMs, hash);
  }

  /** In turns each takes the next free entry of its own order of all entries, the heaviest in every turn, the others as often as they weigh. */
  #fill(candidates: readonly Candidate[]): Int32Array {
    const size = this.#size;
    const entries = new Int32Array(size).fill(EMPTY);
    const heaviest = candidates.reduce((most, { weight }) => Math.max(most, weight), 0);
    for (let filled = 0, turn = 1; filled < size; turn++) {
      for (const candidate of candidates) {
        if (filled === size || turn * candidate.weight < candidate.due) continue;
        candidate.due += heaviest;
        while (entries[candidate.position] !== EMPTY) candidate.advance(size);
        entries[candidate.position] = candidate.slot;
        filled++;
      }
    }
    return entries;
  }
}

/** An endpoint with its own order of all entries: from `position` in steps of `skip`. */
class Candidate {
  readonly slot: number;
  readonly name: string;
  readonly weight: number;
  readonly skip: number;
  position: number;
  due = 0;

  constructor(slot: number, name: string, weight: number, size: number) {
    this.slot = slot;
    this.name = name;
    this.weight = weight;
    this.position = hashText(name) % size;
    this.skip = (hashText(name, SKIP_SEED) % (size - 1)) + 1;
  }

  advance(size: number): void {
    this.position = (this.position + this.skip) % size;
  }
}
