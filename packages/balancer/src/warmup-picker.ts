import type { LoadTable } from './load-table.ts';
import type { Picker } from './picker.ts';

/** DestinationRule's `warmup`. */
export interface WarmupOptions {
  /** How long an endpoint counts as new, ms. */
  readonly durationMs: number;
  /** What a new one gets at the start, 0–100 % of its share. */
  readonly minimumPercent: number;
  /** 1 = the share grows with time; above it faster in the beginning. */
  readonly aggression: number;
}

/** Draws in a row that may fall on endpoints still warming up, before one of them is taken. */
const MAX_DRAWS = 64;

/**
 * Lets new endpoints grow into their share. Each time another picker comes to a new one it earns a part of a turn, and takes one when it has earned it;
 * otherwise the other picker is asked again. Once all are warm this costs one comparison.
 *
 * Source: Envoy's slow start; an endpoint that is the only one, or as new as all others, is not slowed.
 */
export class WarmupPicker implements Picker {
  readonly #picker: Picker;
  readonly #table: LoadTable;
  readonly #options: WarmupOptions;
  #earned = new Float64Array(0);
  /** Monotonic ms from which all are warm. */
  #warmAt = 0;

  constructor(picker: Picker, table: LoadTable, options: WarmupOptions) {
    this.#picker = picker;
    this.#table = table;
    this.#options = options;
  }

  get algorithm(): string {
    return this.#picker.algorithm;
  }

  update(slots: Int32Array): void {
    this.#picker.update(slots);
    const size = slots.reduce((most, slot) => Math.max(most, slot + 1), 0);
    if (size > this.#earned.length) {
      const earned = new Float64Array(size);
      earned.set(this.#earned);
      this.#earned = earned;
    }
    this.#warmAt = slots.reduce((latest, slot) => Math.max(latest, this.#warmFrom(slot)), 0);
  }

  pick(avoid: readonly number[] | undefined, nowMs: number, hash: number): number {
    const first = this.#picker.pick(avoid, nowMs, hash);
    if (nowMs >= this.#warmAt || first === -1) return first;
    let slot = first;
    for (let draw = 1; draw < MAX_DRAWS && !this.#takesTurn(slot, nowMs); draw++) slot = this.#picker.pick(avoid, nowMs, hash);
    return slot;
  }

  peek(nowMs: number, hash: number): number {
    return this.#picker.peek(nowMs, hash);
  }

  #takesTurn(slot: number, nowMs: number): boolean {
    const part = this.#factor(slot, nowMs);
    if (part >= 1) return true;
    const earned = (this.#earned[slot] as number) + part;
    this.#earned[slot] = earned >= 1 ? earned - 1 : earned;
    return earned >= 1;
  }

  #factor(slot: number, nowMs: number): number {
    const { durationMs, minimumPercent, aggression } = this.#options;
    const age = (nowMs - (this.#table.addedAt[slot] as number)) / durationMs;
    if (age >= 1) return 1;
    const grown = aggression === 1 ? age : Math.max(age, 0) ** (1 / aggression);
    return Math.max(grown, minimumPercent / 100, 0.001);
  }

  #warmFrom(slot: number): number {
    return (this.#table.addedAt[slot] as number) + this.#options.durationMs;
  }
}
