import assert from 'node:assert/strict';
import { seededRandom } from '@lateen/core';
import fc from 'fast-check';
import { createPicker, type PickerPolicy } from '../src/create-picker.ts';
import { LoadTable } from '../src/load-table.ts';
import { ewmaLoad, observeLatency } from '../src/peak-ewma.ts';
import type { Picker } from '../src/picker.ts';

const POLICIES = ['PEAK_EWMA', 'LEAST_REQUEST', 'ROUND_ROBIN', 'RANDOM'] as const satisfies readonly PickerPolicy[];

function cluster(
  policy: PickerPolicy,
  weights: readonly number[],
  seed = 1,
): { table: LoadTable; picker: Picker; slots: Int32Array } {
  const table = new LoadTable();
  const slots = Int32Array.from(weights, (weight) => table.acquire(weight));
  const picker = createPicker(policy, table, seededRandom(seed));
  picker.update(slots);
  return { table, picker, slots };
}

function spread(picker: Picker, picks: number, size: number): number[] {
  const counts = Array.from({ length: size }, () => 0);
  for (let i = 0; i < picks; i++) counts[picker.pick(undefined, 0)]!++;
  return counts;
}

for (const policy of POLICIES) {
  describe(`createPicker ${policy}`, () => {
    it('picks an available member, a fresh one before one that was tried, and none only when there is none', () => {
      fc.assert(
        fc.property(
          fc.array(fc.boolean(), { maxLength: 20 }),
          fc.array(fc.nat(19), { maxLength: 6 }),
          fc.integer(),
          (available, avoid, seed) => {
            const { table, picker, slots } = cluster(
              policy,
              available.map(() => 1),
              seed,
            );
            available.forEach((up, index) => (table.available[slots[index] as number] = up ? 1 : 0));
            const candidates = [...slots].filter((slot) => table.available[slot] === 1);
            const fresh = candidates.filter((slot) => !avoid.includes(slot));
            const picked = picker.pick(avoid, 0);
            if (candidates.length === 0) return assert.equal(picked, -1);
            assert.ok((fresh.length > 0 ? fresh : candidates).includes(picked), `${picked} of ${candidates}, avoiding ${avoid}`);
          },
        ),
      );
    });

    it('spreads evenly over equals', () => {
      const counts = spread(cluster(policy, [1, 1, 1, 1, 1]).picker, 10_000, 5);
      assert.ok(
        counts.every((count) => count > 1_800 && count < 2_200),
        counts.join(),
      );
    });

    it('follows its membership', () => {
      const { picker, slots } = cluster(policy, [1, 1, 1]);
      picker.update(slots.slice(0, 1));
      assert.equal(picker.pick(undefined, 0), slots[0]);
      picker.update(new Int32Array(0));
      assert.equal(picker.pick(undefined, 0), -1);
    });
  });
}

describe('ROUND_ROBIN', () => {
  it('gives each its weight within one turn, interleaved', () => {
    const { picker } = cluster('ROUND_ROBIN', [4, 2, 1]);
    const turn = Array.from({ length: 7 }, () => picker.pick(undefined, 0));
    assert.deepEqual(
      [0, 1, 2].map((slot) => turn.filter((picked) => picked === slot).length),
      [4, 2, 1],
    );
    const doubled = [...turn, ...turn].join('');
    assert.ok(!doubled.includes('000'), doubled);
  });

  it('bounds its wheel for weights without a common divisor', () => {
    const { picker } = cluster('ROUND_ROBIN', [1_000_003, 500_009]);
    const counts = spread(picker, 3_000, 2);
    assert.ok(Math.abs((counts[0] as number) - 2_000) < 20, counts.join());
  });
});

describe('LEAST_REQUEST', () => {
  it('prefers the one with less in flight, in proportion to its weight', () => {
    const { table, picker } = cluster('LEAST_REQUEST', [1, 1]);
    table.inFlight[0] = 5;
    assert.equal(picker.pick(undefined, 0), 1);
    const weighted = cluster('LEAST_REQUEST', [4, 1]);
    weighted.table.inFlight[0] = 2;
    weighted.table.inFlight[1] = 0;
    assert.equal(weighted.picker.pick(undefined, 0), 0);
  });
});

describe('PEAK_EWMA', () => {
  it('shuns an endpoint ten times as slow, and tries it again once its peak has faded', () => {
    const { table, picker } = cluster('PEAK_EWMA', [1, 1, 1, 1]);
    for (const slot of [0, 1, 2, 3]) observeLatency(table, slot, slot === 3 ? 100 : 10, 0);
    assert.equal(spread(picker, 1_000, 4)[3], 0);
    let chosen = 0;
    for (let i = 0; i < 1_000; i++) {
      for (const slot of [0, 1, 2]) observeLatency(table, slot, 10, 60_000);
      if (picker.pick(undefined, 60_000) === 3) chosen++;
    }
    assert.ok(chosen > 100, String(chosen));
  });

  it('treats costs within a power of two as equal', () => {
    const { table, picker } = cluster('PEAK_EWMA', [1, 1]);
    observeLatency(table, 0, 8.1, 0);
    observeLatency(table, 1, 15.9, 0);
    const counts = spread(picker, 2_000, 2);
    assert.ok(Math.abs((counts[0] as number) - 1_000) < 120, counts.join());
  });
});

describe('observeLatency', () => {
  it('takes a peak in full and forgets it at the decay', () => {
    const table = new LoadTable();
    const slot = table.acquire(1);
    observeLatency(table, slot, 10, 0);
    observeLatency(table, slot, 200, 100);
    assert.equal(table.ewmaMs[slot], 200);
    observeLatency(table, slot, 10, 10_100);
    const faded = 200 * Math.exp(-1) + 10 * (1 - Math.exp(-1));
    assert.ok(Math.abs((table.ewmaMs[slot] as number) - faded) < 1e-9);
    assert.ok(ewmaLoad(table, slot, 60_000) < 1);
  });
});

describe('LoadTable', () => {
  it('keeps numbers when it grows and hands out fresh slots', () => {
    const table = new LoadTable();
    const slots = Array.from({ length: 50 }, (_, index) => table.acquire(index + 1));
    assert.deepEqual(
      slots.map((slot) => table.weight[slot]),
      slots.map((_, index) => index + 1),
    );
    table.inFlight[7] = 3;
    table.release(7);
    assert.equal(table.available[7], 0);
    assert.equal(table.acquire(9), 7);
    assert.equal(table.inFlight[7], 0);
    assert.equal(table.weight[7], 9);
  });
});
