import type { Random } from '@lateen/core';
import { walkAvailable } from './candidates.ts';
import { hashText, NO_HASH } from './hash-text.ts';
import type { LoadTable } from './load-table.ts';
import type { Picker } from './picker.ts';

/** Envoy's bound, lest tiny weights ask for endless rings. */
const MAX_RING = 8 * 1024 * 1024;

/**
 * Each endpoint has places on a ring, in proportion to its weight; a request goes to the first place at or after its hash. One that comes
 * or goes moves only the requests next to its own places. An endpoint that is out is passed over, so that its requests spread over the others.
 *
 * What was tried before does not count: the same hash means the same endpoint. O(log ring size), allocates nothing.
 * Source: Karger et al., "Consistent Hashing and Random Trees" (1997); sizes as in Envoy's RING_HASH.
 */
export class RingHashPicker implements Picker {
  readonly algorithm = 'RING_HASH';
  readonly #table: LoadTable;
  readonly #random: Random;
  readonly #minimumSize: number;
  #hashes: Uint32Array = new Uint32Array(0);
  #slots: Int32Array = new Int32Array(0);

  constructor(table: LoadTable, random: Random, minimumRingSize: number) {
    this.#table = table;
    this.#random = random;
    this.#minimumSize = minimumRingSize;
  }

  get size(): number {
    return this.#slots.length;
  }

  update(slots: Int32Array, weights: ArrayLike<number> = Array.from(slots, (slot) => this.#table.weight[slot] as number)): void {
    const places = placesOf(slots, weights, this.#minimumSize);
    const order = placed(slots, places, this.#table);
    this.#hashes = Uint32Array.from(order, (place) => place.hash);
    this.#slots = Int32Array.from(order, (place) => place.slot);
  }

  pick(_avoid: readonly number[] | undefined, _nowMs: number, hash: number): number {
    if (this.#slots.length === 0) return -1;
    const start = firstAtOrAfter(this.#hashes, hash === NO_HASH ? this.#random.int(0x1_0000_0000) : hash);
    if (this.#table.available[this.#slots[start] as number] === 1) return this.#slots[start] as number;
    const at = walkAvailable(this.#slots, this.#table, start, undefined, -1);
    return at === -1 ? -1 : (this.#slots[at] as number);
  }

  peek(nowMs: number, hash: number): number {
    return this.pick(undefined, nowMs, hash);
  }
}

/** How many places each gets: together at least the minimum, the lightest a whole number of them. */
function placesOf(slots: Int32Array, weights: ArrayLike<number>, minimumSize: number): number[] {
  const list = Array.from(slots, (_slot, index) => weights[index] as number);
  const total = list.reduce((sum, weight) => sum + weight, 0);
  const shares = list.map((weight) => weight / total);
  const lightest = shares.reduce((least, share) => Math.min(least, share), 1);
  const size = Math.min(Math.ceil(lightest * minimumSize) / lightest, MAX_RING);
  let due = 0;
  let given = 0;
  return shares.map((share) => {
    due += share * size;
    const places = Math.max(0, Math.ceil(due - given - 1e-9));
    given += places;
    return places;
  });
}

function placed(
  slots: Int32Array,
  places: readonly number[],
  table: LoadTable,
): readonly { readonly hash: number; readonly slot: number; readonly name: string }[] {
  const ring: { hash: number; slot: number; name: string }[] = [];
  for (const [index, slot] of slots.entries()) {
    const name = table.name(slot);
    for (let place = 0; place < (places[index] as number); place++) ring.push({ hash: hashText(`${name}_${place}`), slot, name });
  }
  // Two places with one hash must come in the same order everywhere.
  return ring.sort((one, other) => one.hash - other.hash || (one.name < other.name ? -1 : 1));
}

function firstAtOrAfter(hashes: Uint32Array, hash: number): number {
  let low = 0;
  let high = hashes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((hashes[middle] as number) < hash) low = middle + 1;
    else high = middle;
  }
  return low === hashes.length ? 0 : low;
}
