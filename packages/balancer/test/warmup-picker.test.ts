import assert from 'node:assert/strict';
import { seededRandom } from '@lateen/core';
import { Availability } from '../src/availability.ts';
import { createPicker, type PickerPolicy } from '../src/create-picker.ts';
import { NO_HASH } from '../src/hash-text.ts';
import { LoadTable } from '../src/load-table.ts';
import type { WarmupOptions } from '../src/warmup-picker.ts';

function spread(policy: PickerPolicy, ages: readonly number[], warmup: Partial<WarmupOptions>, picks: number): number[] {
  const table = new LoadTable();
  const slots = Int32Array.from(ages, () => table.acquire(1));
  const now = 100_000;
  ages.forEach((age, slot) => (table.addedAt[slot] = now - age));
  const options = { durationMs: 10_000, minimumPercent: 10, aggression: 1, ...warmup };
  const picker = createPicker({ policy, warmup: options }, table, seededRandom(1), new Availability(table));
  picker.update(slots);
  const counts = ages.map(() => 0);
  for (let i = 0; i < picks; i++) counts[picker.pick(undefined, now, NO_HASH)]!++;
  return counts;
}

describe('WarmupPicker', () => {
  for (const policy of ['ROUND_ROBIN', 'LEAST_REQUEST'] as const) {
    it(`gives a new endpoint the minimum and then what its age has earned (${policy})`, () => {
      for (const [age, part] of [
        [0, 0.1],
        [500, 0.1],
        [2_500, 0.25],
        [5_000, 0.5],
        [20_000, 1],
      ] as const) {
        const [old, young] = spread(policy, [60_000, age], {}, 4_400) as [number, number];
        assert.ok(Math.abs(young / old - part) < 0.09, `${young} to ${old} at ${age} ms`);
      }
    });
  }

  it('gives all the same when all are new', () => {
    const counts = spread('ROUND_ROBIN', [0, 0, 0], {}, 300);
    assert.ok(
      counts.every((count) => Math.abs(count - 100) <= 10),
      counts.join(),
    );
  });

  it('lets shares grow faster with more aggression', () => {
    const [old, young] = spread('ROUND_ROBIN', [60_000, 2_500], { aggression: 2 }, 3_000) as [number, number];
    assert.ok(Math.abs(young / old - 0.5) < 0.05, `${young} to ${old}`);
  });
});
