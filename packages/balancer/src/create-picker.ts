import type { Random } from '@lateen/core';
import { LeastRequestPicker } from './least-request-picker.ts';
import type { LoadTable } from './load-table.ts';
import { PeakEwmaPicker } from './peak-ewma-picker.ts';
import type { Picker } from './picker.ts';
import { RandomPicker } from './random-picker.ts';
import { RoundRobinPicker } from './round-robin-picker.ts';

const PICKERS = {
  PEAK_EWMA: PeakEwmaPicker,
  LEAST_REQUEST: LeastRequestPicker,
  ROUND_ROBIN: RoundRobinPicker,
  RANDOM: RandomPicker,
} as const satisfies Record<string, new (table: LoadTable, random: Random) => Picker>;

export type PickerPolicy = keyof typeof PICKERS;

/** The picker of a cluster; it has no members until `update`. */
export function createPicker(policy: PickerPolicy, table: LoadTable, random: Random): Picker {
  return new PICKERS[policy](table, random);
}
