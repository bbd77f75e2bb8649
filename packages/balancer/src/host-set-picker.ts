import type { Random } from '@lateen/core';
import type { Availability } from './availability.ts';
import type { HostSet } from './host-sets.ts';
import type { LoadTable } from './load-table.ts';
import type { Picker } from './picker.ts';
import { smoothWheel } from './smooth-wheel.ts';

interface Part {
  readonly picker: Picker;
  readonly slots: Int32Array;
  readonly weight: number;
}

/** A locality keeps its whole share down to this part of its members being well. */
const OVERPROVISIONING = 1.4;

/**
 * Picks within one priority: by localities in turn, each as often as its weight and its health allow, then within the locality. In a panic the localities do
 * not count.
 */
export class HostSetPicker {
  readonly slots: Int32Array;
  readonly #all: Picker;
  readonly #parts: readonly Part[];
  readonly #availability: Availability;
  readonly #wheelStart: number;
  #wheel: Int32Array = new Int32Array(0);
  #turn = 0;
  #panic = false;

  /** @param createPicker a picker of the cluster's policy for the given members */
  constructor(set: HostSet, createPicker: () => Picker, table: LoadTable, random: Random, availability: Availability) {
    this.slots = set.slots;
    this.#availability = availability;
    this.#all = createPicker();
    this.#wheelStart = random.next();
    if (takesWeights(this.#all)) {
      this.#all.update(set.slots, hashWeights(set, table));
      this.#parts = [];
      return;
    }
    this.#all.update(set.slots);
    this.#parts = set.localities.map(({ slots, weight }) => {
      const picker = createPicker();
      picker.update(slots);
      return { picker, slots, weight };
    });
  }

  get algorithm(): string {
    return this.#all.algorithm;
  }

  get healthy(): number {
    return this.#healthyOf(this.slots);
  }

  /** After a change of health. */
  refresh(panic: boolean): void {
    if (panic !== this.#panic) this.#availability.setPanic(this.slots, panic);
    this.#panic = panic;
    if (this.#parts.length === 0) return;
    this.#wheel = smoothWheel(this.#parts.map((part) => this.#effectiveWeight(part)));
    this.#turn = Math.floor(this.#wheelStart * this.#wheel.length);
  }

  pick(avoid: readonly number[] | undefined, nowMs: number, hash: number): number {
    if (this.#wheel.length === 0 || this.#panic) return this.#all.pick(avoid, nowMs, hash);
    this.#turn = (this.#turn + 1) % this.#wheel.length;
    return (this.#parts[this.#wheel[this.#turn] as number] as Part).picker.pick(avoid, nowMs, hash);
  }

  peek(nowMs: number, hash: number): number {
    if (this.#wheel.length === 0 || this.#panic) return this.#all.peek(nowMs, hash);
    const turn = (this.#turn + 1) % this.#wheel.length;
    return (this.#parts[this.#wheel[turn] as number] as Part).picker.peek(nowMs, hash);
  }

  #effectiveWeight({ slots, weight }: Part): number {
    return weight * Math.min(1, (OVERPROVISIONING * this.#healthyOf(slots)) / slots.length);
  }

  #healthyOf(slots: Int32Array): number {
    let healthy = 0;
    for (const slot of slots) if (this.#availability.reasons(slot) === 0) healthy++;
    return healthy;
  }
}

function takesWeights(picker: Picker): boolean {
  return picker.algorithm === 'RING_HASH' || picker.algorithm === 'MAGLEV';
}

/** Each endpoint's part of its locality's weight. */
function hashWeights({ slots, localities }: HostSet, table: LoadTable): number[] {
  const weights = new Map<number, number>();
  for (const locality of localities) {
    const total = locality.slots.reduce((sum, slot) => sum + (table.weight[slot] as number), 0);
    for (const slot of locality.slots) weights.set(slot, ((table.weight[slot] as number) * locality.weight) / total);
  }
  return Array.from(slots, (slot) => weights.get(slot) ?? (table.weight[slot] as number));
}
