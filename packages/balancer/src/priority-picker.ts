import type { Random } from '@lateen/core';
import type { Availability } from './availability.ts';
import { HostSetPicker } from './host-set-picker.ts';
import { hostSets, type LocalityOptions } from './host-sets.ts';
import { NO_HASH } from './hash-text.ts';
import type { LoadTable } from './load-table.ts';
import type { Picker } from './picker.ts';
import { priorityLoad } from './priority-load.ts';

/** How often a pick is repeated for a member that was not tried before; then the last one is taken. */
const REPICKS = 6;
/** Of a call's tries so many share the priorities before it moves on. */
const TRIES_PER_PRIORITY = 2;

export interface PriorityPickerOptions {
  readonly locality: LocalityOptions;
  /** `minHealthPercent`; 0 = sick endpoints are never called back. */
  readonly panicPercent: number;
}

/**
 * Localities and priorities over any other picker: first which members are to be used together, then by the other picker among them. Who gets what is worked out
 * when members come, go, fall sick or recover; a pick adds one comparison and at most one draw.
 */
export class PriorityPicker implements Picker {
  readonly #createPicker: () => Picker;
  readonly #table: LoadTable;
  readonly #random: Random;
  readonly #availability: Availability;
  readonly #options: PriorityPickerOptions;
  readonly algorithm: string;
  #sets: readonly HostSetPicker[] = [];
  #loads: readonly number[] = [];
  #version = -1;

  constructor(
    createPicker: () => Picker,
    table: LoadTable,
    random: Random,
    availability: Availability,
    options: PriorityPickerOptions,
  ) {
    this.#createPicker = createPicker;
    this.#table = table;
    this.#random = random;
    this.#availability = availability;
    this.#options = options;
    this.algorithm = createPicker().algorithm;
  }

  update(slots: Int32Array): void {
    for (const set of this.#sets) this.#availability.setPanic(set.slots, false);
    this.#sets = hostSets(slots, this.#table, this.#options.locality).map(
      (set) => new HostSetPicker(set, this.#createPicker, this.#table, this.#random, this.#availability),
    );
    this.#refresh();
  }

  pick(avoid: readonly number[] | undefined, nowMs: number, hash: number): number {
    if (this.#version !== this.#availability.version) this.#refresh();
    return this.#pickBy(this.#loads, avoid, nowMs, hash);
  }

  peek(nowMs: number, hash: number): number {
    if (this.#version !== this.#availability.version) this.#refresh();
    return this.#choose(this.#loads, hash)?.peek(nowMs, hash) ?? -1;
  }

  /** For a call that shall leave priorities it has tried in vain: `tried` in order, all of this call. */
  pickElsewhere(tried: readonly number[], avoid: readonly number[] | undefined, nowMs: number, hash: number): number {
    if (this.#version !== this.#availability.version) this.#refresh();
    return this.#pickBy(this.#loadsWithout(tried), avoid, nowMs, hash);
  }

  /** The priority of a member, 0 first; -1 for others. */
  priorityOf(slot: number): number {
    return this.#sets.findIndex(({ slots }) => slots.includes(slot));
  }

  #pickBy(loads: readonly number[], avoid: readonly number[] | undefined, nowMs: number, hash: number): number {
    let slot = this.#choose(loads, hash)?.pick(avoid, nowMs, hash) ?? -1;
    if (!avoid) return slot;
    for (let again = 1; again < REPICKS && avoid.includes(slot); again++) {
      const other = this.#choose(loads, hash)?.pick(avoid, nowMs, hash) ?? -1;
      if (other !== -1) slot = other;
    }
    return slot;
  }

  #choose(loads: readonly number[], hash: number): HostSetPicker | undefined {
    const first = loads[0] as number;
    if (first === 100) return this.#sets[0];
    let draw = hash === NO_HASH ? this.#random.int(100) : hash % 100;
    for (let priority = 0; priority < loads.length; priority++) {
      draw -= loads[priority] as number;
      if (draw < 0) return this.#sets[priority];
    }
    return undefined;
  }

  #refresh(): void {
    const health = this.#sets.map((set) => ({ total: set.slots.length, healthy: set.healthy }));
    const { loads, panic } = priorityLoad(health, this.#options.panicPercent);
    this.#loads = loads;
    for (const [priority, set] of this.#sets.entries()) set.refresh(panic[priority] as boolean);
    this.#version = this.#availability.version;
  }

  /** Every second try the priorities of all before are left out; when none remains all count again. */
  #loadsWithout(tried: readonly number[]): readonly number[] {
    const counting = tried.length - (tried.length % TRIES_PER_PRIORITY);
    if (counting === 0) return this.#loads;
    const left = new Set(tried.slice(0, counting).map((slot) => this.priorityOf(slot)));
    const health = this.#sets.map((set, priority) =>
      left.has(priority) ? { total: set.slots.length, healthy: 0 } : { total: set.slots.length, healthy: set.healthy },
    );
    const { loads } = priorityLoad(health, 0);
    return loads.some((load) => load > 0) ? loads : this.#loads;
  }
}
