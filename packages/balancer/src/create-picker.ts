import type { Random } from '@lateen/core';
import type { Availability } from './availability.ts';
import type { LocalityOptions } from './host-sets.ts';
import { LeastRequestPicker } from './least-request-picker.ts';
import type { LoadTable } from './load-table.ts';
import { MaglevPicker } from './maglev-picker.ts';
import { PeakEwmaPicker } from './peak-ewma-picker.ts';
import type { Picker } from './picker.ts';
import { PriorityPicker } from './priority-picker.ts';
import { RandomPicker } from './random-picker.ts';
import { RingHashPicker } from './ring-hash-picker.ts';
import { RoundRobinPicker } from './round-robin-picker.ts';
import { type WarmupOptions, WarmupPicker } from './warmup-picker.ts';

const RING_SIZE = 1_024;
const MAGLEV_SIZE = 65_537;

type MakePicker = (table: LoadTable, random: Random, settings: PickerSettings) => Picker;

const PICKERS = {
  PEAK_EWMA: (table, random) => new PeakEwmaPicker(table, random),
  LEAST_REQUEST: (table, random) => new LeastRequestPicker(table, random),
  ROUND_ROBIN: (table, random) => new RoundRobinPicker(table, random),
  RANDOM: (table, random) => new RandomPicker(table, random),
  RING_HASH: (table, random, { ringSize = RING_SIZE }) => new RingHashPicker(table, random, ringSize),
  MAGLEV: (table, random, { ringSize = MAGLEV_SIZE }) => new MaglevPicker(table, random, ringSize),
} as const satisfies Record<string, MakePicker>;

export type PickerPolicy = keyof typeof PICKERS;

export interface PickerSettings {
  readonly policy: PickerPolicy;
  /** `RING_HASH`: the least size of the ring, 1024 unless said; `MAGLEV`: the size of the table, a prime, 65537 unless said. */
  readonly ringSize?: number | undefined;
  /** Only `ROUND_ROBIN` and `LEAST_REQUEST` know it. */
  readonly warmup?: WarmupOptions | undefined;
  readonly locality?: LocalityOptions | undefined;
  /** `minHealthPercent` of outlier detection. Default 0. */
  readonly panicPercent?: number;
}

/** What an absent block means: all endpoints are equally near. */
const NO_LOCALITY: LocalityOptions = { own: '', weighted: false, distribute: undefined, failover: undefined };

/** The picker of a cluster; it has no members until `update`. */
export function createPicker(settings: PickerSettings, table: LoadTable, random: Random, availability: Availability): Picker {
  const { policy, warmup, locality, panicPercent = 0 } = settings;
  const make: MakePicker = PICKERS[policy];
  const warms = warmup !== undefined && (policy === 'ROUND_ROBIN' || policy === 'LEAST_REQUEST');
  const createLeaf = (): Picker => {
    const picker = make(table, random, settings);
    return warms ? new WarmupPicker(picker, table, warmup) : picker;
  };
  if (!tellsApart(locality) && panicPercent === 0) return createLeaf();
  return new PriorityPicker(createLeaf, table, random, availability, { locality: locality ?? NO_LOCALITY, panicPercent });
}

/** Whether some endpoints are to be used before others. By distance alone nobody is near whose own place is unknown. */
function tellsApart(locality: LocalityOptions | undefined): boolean {
  if (!locality) return false;
  const { own, weighted, distribute, failover } = locality;
  return own !== '' || weighted || distribute !== undefined || (failover?.labels.length ?? 0) > 0;
}
