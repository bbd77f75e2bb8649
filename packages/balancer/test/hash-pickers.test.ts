import assert from 'node:assert/strict';
import { seededRandom } from '@lateen/core';
import fc from 'fast-check';
import { hashText, NO_HASH } from '../src/hash-text.ts';
import type { LoadTable } from '../src/load-table.ts';
import { MaglevPicker } from '../src/maglev-picker.ts';
import type { Picker } from '../src/picker.ts';
import { RingHashPicker } from '../src/ring-hash-picker.ts';
import { endpointAt, tableOf } from './support/geo.ts';

const PICKERS: readonly (readonly [string, (table: LoadTable) => Picker])[] = [
  ['RingHashPicker', (table) => new RingHashPicker(table, seededRandom(1), 1_024)],
  ['MaglevPicker', (table) => new MaglevPicker(table, seededRandom(1), 5_003)],
];

const hashes = fc.integer({ min: 0, max: 0xffffffff });

function clusterOf(make: (table: LoadTable) => Picker, size: number, weights?: readonly number[]) {
  const { table, slots } = tableOf(
    Array.from({ length: size }, (_, index) => endpointAt('', `10.0.0.${index}`)),
    weights,
  );
  const picker = make(table);
  picker.update(slots);
  return { table, slots, picker };
}

function owners(picker: Picker, keys = 4_000): number[] {
  return Array.from({ length: keys }, (_, key) => picker.pick(undefined, 0, hashText(`user-${key}`)));
}

for (const [name, make] of PICKERS) {
  describe(name, () => {
    it('picks the same member for the same hash, whatever was tried, and an available one wherever there is one', () => {
      fc.assert(
        fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), hashes, (up, hash) => {
          const { table, picker } = clusterOf(make, up.length);
          up.forEach((available, slot) => (table.available[slot] = available ? 1 : 0));
          const picked = picker.pick(undefined, 0, hash);
          assert.equal(picker.pick([picked], 5, hash), picked);
          if (up.includes(true)) assert.equal(table.available[picked], 1);
          else assert.equal(picked, -1);
        }),
        { numRuns: 60 },
      );
    });

    it('agrees with every other process, whatever the order in which they met the members', () => {
      const one = clusterOf(make, 7);
      const names = [3, 1, 6, 0, 2, 5, 4];
      const { table, slots } = tableOf(names.map((index) => endpointAt('', `10.0.0.${index}`)));
      const other = make(table);
      other.update(slots);
      const theirs = owners(other).map((slot) => names[slot]);
      assert.deepEqual(owners(one.picker), theirs);
    });

    it('shares hashes by weight', () => {
      const { picker } = clusterOf(make, 3, [2, 1, 1]);
      const counts = [0, 0, 0];
      for (const slot of owners(picker, 20_000)) counts[slot]!++;
      assert.ok(Math.abs((counts[0] as number) - 10_000) < 1_500, counts.join());
      assert.ok(Math.abs((counts[1] as number) - 5_000) < 1_000, counts.join());
    });

    it('moves few hashes but those of a member that leaves or is out', () => {
      const { table, slots, picker } = clusterOf(make, 10);
      const before = owners(picker);
      table.available[4] = 0;
      owners(picker).forEach((slot, key) => {
        if (before[key] !== 4) assert.equal(slot, before[key]);
        else assert.notEqual(slot, 4);
      });
      picker.update(slots.filter((slot) => slot !== 4));
      const moved = owners(picker).filter((slot, key) => before[key] !== 4 && slot !== before[key]).length;
      // A ring that keeps its size gives the others more places.
      assert.ok(moved < 480, `${moved} of 4000 moved without need`);
    });

    it('spreads requests that have no hash', () => {
      const { picker } = clusterOf(make, 5);
      const seen = new Set(Array.from({ length: 300 }, () => picker.pick(undefined, 0, NO_HASH)));
      assert.equal(seen.size, 5);
    });

    it('has nobody to pick before there are members', () => {
      const { table } = tableOf([]);
      assert.equal(make(table).pick(undefined, 0, 17), -1);
    });
  });
}

describe('RingHashPicker', () => {
  it('makes its ring at least as large as asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 1, max: 3_000 }),
        (weights, least) => {
          const { table, slots } = tableOf(
            weights.map((_, index) => endpointAt('', `10.0.0.${index}`)),
            weights,
          );
          const picker = new RingHashPicker(table, seededRandom(1), least);
          picker.update(slots);
          assert.ok(picker.size >= least, `${picker.size} < ${least}`);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('hashText', () => {
  it('is a whole number of 32 bits that tells texts and seeds apart', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const hash = hashText(text);
        assert.ok(Number.isInteger(hash) && hash >= 0 && hash <= 0xffffffff);
        assert.equal(hashText(text), hash);
      }),
    );
    const distinct = new Set(Array.from({ length: 10_000 }, (_, index) => hashText(`u${index}`)));
    assert.ok(distinct.size > 9_990);
    assert.notEqual(hashText('a', 1), hashText('a', 2));
  });
});
