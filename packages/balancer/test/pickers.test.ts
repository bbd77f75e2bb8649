import assert from 'node:assert/strict';
import { seededRandom } from '@lateen/core';
import fc from 'fast-check';
import { Availability } from '../src/availability.ts';
import { createPicker, type PickerPolicy } from '../src/create-picker.ts';
import { NO_HASH } from '../src/hash-text.ts';
import { LoadTable } from '../src/load-table.ts';
import { ewmaLoad, observeLatency } from '../src/peak-ewma.ts';
import type { Picker } from '../src/picker.ts';
import { slowServerSuccess } from './support/slow-server.ts';

const POLICIES = ['PEAK_EWMA', 'LEAST_REQUEST', 'ROUND_ROBIN', 'RANDOM'] as const satisfies readonly PickerPolicy[];

function cluster(
  policy: PickerPolicy,
  weights: readonly number[],
  seed = 1,
): { table: LoadTable; picker: Picker; slots: Int32Array } {
  const table = new LoadTable();
  const slots = Int32Array.from(weights, (weight) => table.acquire(weight));
  const picker = createPicker({ policy }, table, seededRandom(seed), new Availability(table));
  picker.update(slots);
  return { table, picker, slots };
}

function spread(picker: Picker, picks: number, size: number): number[] {
  const counts = Array.from({ length: size }, () => 0);
  for (let i = 0; i < picks; i++) counts[picker.pick(undefined, 0, NO_HASH)]!++;
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
            const picked = picker.pick(avoid, 0, NO_HASH);
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
      assert.equal(picker.pick(undefined, 0, NO_HASH), slots[0]);
      picker.update(new Int32Array(0));
      assert.equal(picker.pick(undefined, 0, NO_HASH), -1);
    });
  });
}

describe('ROUND_ROBIN', () => {
  it('gives each its weight within one turn, interleaved', () => {
    const { picker } = cluster('ROUND_ROBIN', [4, 2, 1]);
    const turn = Array.from({ length: 7 }, () => picker.pick(undefined, 0, NO_HASH));
    assert.deepEqual(
      [0, 1, 2].map((slot) => turn.filter((picked) => picked === slot).length),
      [4, 2, 1],
    );
    const doubled = [...turn, ...turn].join('');
    assert.ok(!doubled.includes('000'), doubled);
  });

  it('shares the turns of one that is out among all others', () => {
    const { table, picker } = cluster('ROUND_ROBIN', [1, 1, 1, 1]);
    table.available[1] = 0;
    assert.deepEqual(spread(picker, 300, 4), [100, 0, 100, 100]);
  });

  it('bounds its wheel for weights without a common divisor', () => {
    const { picker } = cluster('ROUND_ROBIN', [1_000_003, 500_009]);
    const counts = spread(picker, 3_000, 2);
    assert.ok(Math.abs((counts[0] as number) - 2_000) < 20, counts.join());
  });
});

describe('LEAST_REQUEST', () => {
  it('prefers the one with less in flight; both draws may hit the busy one, as with Envoy', () => {
    const { table, picker } = cluster('LEAST_REQUEST', [1, 1]);
    table.inFlight[0] = 5;
    const [busy] = spread(picker, 4_000, 2) as [number, number];
    assert.ok(Math.abs(busy - 1_000) < 120, String(busy));
  });

  it('gives idle endpoints of different weights their exact shares, interleaved', () => {
    const { picker } = cluster('LEAST_REQUEST', [3, 1]);
    assert.deepEqual(spread(picker, 400, 2), [300, 100]);
  });

  it('counts requests in flight for less on a heavier endpoint', () => {
    const { table, picker } = cluster('LEAST_REQUEST', [4, 1]);
    table.inFlight[0] = 3;
    table.inFlight[1] = 1;
    const [heavy] = spread(picker, 1_000, 2) as [number, number];
    assert.ok(Math.abs(heavy - 667) < 5, `4/(3+1) to 1/(1+1), as Envoy has it: ${heavy}`);
  });
});

for (const policy of ['LEAST_REQUEST', 'PEAK_EWMA'] as const) {
  describe(`${policy} with weights`, () => {
    it('gives idle endpoints exactly their shares', () => {
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 2, maxLength: 6 }), fc.integer(), (weights, seed) => {
          const { table, picker, slots } = cluster(policy, weights, seed);
          for (const slot of slots) observeLatency(table, slot, 10, 0);
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const picks = 8_000;
          spread(picker, picks, weights.length).forEach((count, index) => {
            const expected = (picks * (weights[index] as number)) / total;
            // Five standard deviations, and some room for a generator this simple.
            assert.ok(Math.abs(count - expected) < 6 * Math.sqrt(expected) + 20, `${count} for ${expected} of ${weights}`);
          });
        }),
        { numRuns: 40 },
      );
    });

    it('keeps the load of busy ones in proportion, Envoy’s of their roots', () => {
      const { table, picker, slots } = cluster(policy, [3, 1]);
      for (const slot of slots) observeLatency(table, slot, 10, 0);
      for (let i = 0; i < 400; i++) table.inFlight[picker.pick(undefined, 0, NO_HASH)]!++;
      const expected = policy === 'LEAST_REQUEST' ? (400 * Math.sqrt(3)) / (Math.sqrt(3) + 1) : 300;
      assert.ok(Math.abs((table.inFlight[0] as number) - expected) < 40, `${table.inFlight[0]} of 400`);
    });
  });
}

describe('PEAK_EWMA', () => {
  it('tries a new endpoint at once, with one request, however fast the others are', () => {
    const { table, picker } = cluster('PEAK_EWMA', [1, 1, 1, 1]);
    for (const slot of [0, 1, 2]) observeLatency(table, slot, 0.5, 0);
    let first = 0;
    while (picker.pick(undefined, 0, NO_HASH) !== 3) assert.ok(++first < 50);
    table.inFlight[3] = 1;
    assert.equal(spread(picker, 1_000, 4)[3], 0, 'until it has answered');
    table.inFlight[3] = 0;
    observeLatency(table, 3, 0.5, 0);
    assert.ok((spread(picker, 1_000, 4)[3] as number) > 180);
  });

  it('shuns an endpoint ten times as slow, and tries it again once its peak has faded', () => {
    const { table, picker } = cluster('PEAK_EWMA', [1, 1, 1, 1]);
    for (const slot of [0, 1, 2, 3]) observeLatency(table, slot, slot === 3 ? 100 : 10, 0);
    assert.equal(spread(picker, 1_000, 4)[3], 0);
    let chosen = 0;
    for (let i = 0; i < 1_000; i++) {
      for (const slot of [0, 1, 2]) observeLatency(table, slot, 10, 60_000);
      if (picker.pick(undefined, 60_000, NO_HASH) === 3) chosen++;
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

describe('a server of eleven that takes two seconds for half a minute', () => {
  for (const [policy, fewest, most] of [
    ['ROUND_ROBIN', 0.954, 0.956],
    ['LEAST_REQUEST', 0.993, 0.996],
    ['PEAK_EWMA', 0.998, 1],
  ] as const) {
    it(`costs ${policy} ${(100 - fewest * 100).toFixed(1)} % of the requests at most`, () => {
      const success = slowServerSuccess(policy, 1);
      assert.ok(success >= fewest && success <= most, String(success));
    });
  }
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

describe('Picker.peek', () => {
  for (const policy of ['ROUND_ROBIN', 'RING_HASH', 'MAGLEV'] as const) {
    it(`says what is picked next, and moves nothing (${policy})`, () => {
      const { picker } = cluster(policy, [2, 1, 1]);
      for (let hash = 0; hash < 40; hash++) {
        const next = picker.peek(0, hash);
        assert.equal(picker.peek(0, hash), next);
        assert.equal(picker.pick(undefined, 0, hash), next);
      }
    });
  }
});
