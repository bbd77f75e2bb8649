import type { LoadTable } from './load-table.ts';

/** Why an endpoint may not be picked; any one is enough. */
export const UNAVAILABLE = { ejected: 1, breakerOpen: 2 } as const;
export type UnavailableReason = (typeof UNAVAILABLE)[keyof typeof UNAVAILABLE];

/** The reason that a panic overrules. */
const OVERRULED: number = UNAVAILABLE.ejected;

/**
 * Keeps `LoadTable.available` true to its reasons: the outlier detector and the breakers each set and clear their own, and an endpoint takes
 * traffic when none is left, or when too few are left and those that were ejected are called back.
 */
export class Availability {
  readonly #table: LoadTable;
  #reasons = new Uint8Array(8);
  #panicking = new Uint8Array(8);
  /** How many lives a slot has begun: what was remembered of an earlier one does not count. */
  #lives = new Uint32Array(8);
  /** Grows with every change of reasons; whoever derives something from them compares. */
  version = 0;

  constructor(table: LoadTable) {
    this.#table = table;
  }

  set(slot: number, reason: UnavailableReason): void {
    this.#write(slot, this.reasons(slot) | reason);
  }

  clear(slot: number, reason: UnavailableReason): void {
    this.#write(slot, this.reasons(slot) & ~reason);
  }

  /** For a slot that begins a new life. */
  reset(slot: number): void {
    this.#write(slot, 0);
    this.#panicking[slot] = 0;
    this.#lives[slot] = this.life(slot) + 1;
  }

  /** Grows with each {@link reset}; whoever remembers something of a slot compares. */
  life(slot: number): number {
    return this.#lives[slot] ?? 0;
  }

  reasons(slot: number): number {
    return this.#reasons[slot] ?? 0;
  }

  /** Whether ejected endpoints among these take traffic nonetheless. Not a change of reasons. */
  setPanic(slots: Int32Array, panic: boolean): void {
    for (const slot of slots) {
      if (slot >= this.#reasons.length) this.#grow(slot);
      this.#panicking[slot] = panic ? 1 : 0;
      this.#show(slot);
    }
  }

  #write(slot: number, reasons: number): void {
    if (slot >= this.#reasons.length) this.#grow(slot);
    if (this.#reasons[slot] !== reasons) this.version++;
    this.#reasons[slot] = reasons;
    this.#show(slot);
  }

  #show(slot: number): void {
    const reasons = this.#reasons[slot] as number;
    const counting = this.#panicking[slot] === 1 ? reasons & ~OVERRULED : reasons;
    this.#table.available[slot] = counting === 0 ? 1 : 0;
  }

  #grow(slot: number): void {
    const size = Math.max(slot + 1, this.#reasons.length * 2);
    const reasons = new Uint8Array(size);
    const panicking = new Uint8Array(size);
    const lives = new Uint32Array(size);
    reasons.set(this.#reasons);
    panicking.set(this.#panicking);
    lives.set(this.#lives);
    this.#reasons = reasons;
    this.#panicking = panicking;
    this.#lives = lives;
  }
}
