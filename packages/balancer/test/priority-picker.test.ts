import assert from 'node:assert/strict';
import { seededRandom } from '@lateen/core';
import fc from 'fast-check';
import { Availability, UNAVAILABLE } from '../src/availability.ts';
import { createPicker, type PickerSettings } from '../src/create-picker.ts';
import { hashText, NO_HASH } from '../src/hash-text.ts';
import { priorityLoad } from '../src/priority-load.ts';
import { PriorityPicker } from '../src/priority-picker.ts';
import { endpointAt, tableOf } from './support/geo.ts';

const OWN = 'region1/zone1/sub1';
const PLACES = [OWN, OWN, 'region1/zone2/sub1', 'region2/zone1/sub1', 'region3/zone1/sub1'];
const FAILOVER = { byDistance: true, region: undefined, labels: [] };

function setUp(settings: Partial<PickerSettings> = {}, places: readonly string[] = PLACES) {
  const { table, slots } = tableOf(places.map((place, index) => endpointAt(place, `10.0.0.${index}`)));
  const availability = new Availability(table);
  const locality = { own: OWN, weighted: true, distribute: undefined, failover: FAILOVER };
  const picker = createPicker({ policy: 'ROUND_ROBIN', locality, ...settings }, table, seededRandom(3), availability);
  picker.update(slots);
  const eject = (...ejected: number[]): void => ejected.forEach((slot) => availability.set(slot, UNAVAILABLE.ejected));
  const spread = (picks: number): number[] => {
    const counts = places.map(() => 0);
    for (let i = 0; i < picks; i++) {
      const slot = picker.pick(undefined, 0, NO_HASH);
      if (slot !== -1) counts[slot]!++;
    }
    return counts;
  };
  return { table, slots, availability, picker, eject, spread };
}

describe('PriorityPicker', () => {
  it('keeps to the nearest while they are well, and goes further as they fail', () => {
    const { eject, availability, spread } = setUp();
    assert.deepEqual(spread(100), [50, 50, 0, 0, 0]);
    eject(0, 1);
    assert.deepEqual(spread(100), [0, 0, 100, 0, 0]);
    eject(2);
    assert.deepEqual(spread(100), [0, 0, 0, 50, 50]);
    availability.clear(0, UNAVAILABLE.ejected);
    const counts = spread(10_000);
    assert.ok(Math.abs((counts[0] as number) - 7_000) < 300, `half of two bear 70 %: ${counts}`);
    eject(0, 3, 4);
    assert.deepEqual(spread(20), [0, 0, 0, 0, 0]);
  });

  it('shares a priority among localities by weight before it shares among endpoints', () => {
    const locality = { own: OWN, weighted: true, distribute: undefined, failover: undefined };
    assert.deepEqual(setUp({ locality }).spread(500), [100, 100, 100, 100, 100]);
    const distribute = [
      ['region1/zone1/*', 80],
      ['region2', 20],
    ] as const;
    const { spread, eject } = setUp({ locality: { ...locality, distribute } });
    assert.deepEqual(spread(1_000), [400, 400, 0, 200, 0]);
    eject(0, 1);
    assert.deepEqual(spread(100), [0, 0, 0, 100, 0]);
  });

  it('takes one that was tried rather than a farther one, and leaves a priority after every second try where that is asked for', () => {
    const { picker } = setUp({}, [OWN, 'region1/zone2/sub1', 'region2/zone1/sub1']);
    assert.equal(picker.pick([0], 0, NO_HASH), 0);
    assert.ok(picker instanceof PriorityPicker);
    const elsewhere = (tried: number[]): number => picker.pickElsewhere(tried, tried, 0, NO_HASH);
    assert.equal(elsewhere([0]), 0);
    assert.equal(elsewhere([0, 0]), 1);
    assert.equal(elsewhere([0, 0, 1]), 1);
    assert.equal(elsewhere([0, 0, 1, 1]), 2);
    assert.equal(elsewhere([0, 0, 1, 1, 2, 2]), 0, 'all have been tried: from the start');
  });

  it('calls the sick back when too few are well, and only then', () => {
    const locality = { own: '', weighted: false, distribute: undefined, failover: undefined };
    const { eject, availability, spread } = setUp({ locality, panicPercent: 50 }, ['', '', '', '']);
    eject(0, 1);
    assert.deepEqual(spread(100), [0, 0, 50, 50]);
    eject(2);
    assert.deepEqual(spread(100), [25, 25, 25, 25]);
    availability.clear(0, UNAVAILABLE.ejected);
    assert.deepEqual(spread(100), [50, 0, 0, 50]);
  });

  it('hashes within a priority', () => {
    const { picker, eject } = setUp({ policy: 'RING_HASH' });
    const owner = picker.pick(undefined, 0, hashText('ann'));
    assert.ok(owner < 2);
    for (let again = 0; again < 20; again++) assert.equal(picker.pick([owner], 0, hashText('ann')), owner);
    eject(0, 1);
    assert.equal(picker.pick(undefined, 0, hashText('ann')), 2);
  });

  it('picks an available member wherever there is one, whoever is out and whatever was tried', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ place: fc.constantFrom(...PLACES, ''), up: fc.boolean() }), { maxLength: 12 }),
        fc.array(fc.nat(11), { maxLength: 5 }),
        fc.constantFrom('ROUND_ROBIN', 'LEAST_REQUEST', 'RANDOM', 'PEAK_EWMA', 'RING_HASH', 'MAGLEV'),
        (members, tried, policy) => {
          const { table, picker, eject } = setUp(
            { policy, ringSize: policy === 'MAGLEV' ? 101 : 64 },
            members.map(({ place }) => place),
          );
          eject(...members.flatMap(({ up }, slot) => (up ? [] : [slot])));
          const slot = picker.pick(tried, 0, NO_HASH);
          if (members.some(({ up }) => up)) assert.equal(table.available[slot], 1);
          else assert.equal(slot, -1);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('priorityLoad', () => {
  it('gives all to the first priority down to 1/1.4 of its members', () => {
    assert.deepEqual(
      priorityLoad(
        [
          { total: 100, healthy: 72 },
          { total: 5, healthy: 5 },
        ],
        0,
      ).loads,
      [100, 0],
    );
    assert.deepEqual(
      priorityLoad(
        [
          { total: 100, healthy: 50 },
          { total: 5, healthy: 5 },
        ],
        0,
      ).loads,
      [70, 30],
    );
    assert.deepEqual(
      priorityLoad(
        [
          { total: 4, healthy: 1 },
          { total: 4, healthy: 1 },
        ],
        0,
      ).loads,
      [50, 50],
    );
  });

  it('panics only where all together cannot bear the load', () => {
    assert.deepEqual(priorityLoad([{ total: 4, healthy: 3 }], 90).panic, [false]);
    assert.deepEqual(priorityLoad([{ total: 4, healthy: 2 }], 90).panic, [true]);
    assert.deepEqual(
      priorityLoad(
        [
          { total: 4, healthy: 1 },
          { total: 4, healthy: 4 },
        ],
        90,
      ).panic,
      [false, false],
    );
    assert.deepEqual(priorityLoad([{ total: 2, healthy: 0 }], 0).panic, [false]);
  });

  it('adds up to 100, or to nothing when nobody is well and nobody panics', () => {
    const priority = fc
      .record({ total: fc.nat(20), healthy: fc.nat(20) })
      .map(({ total, healthy }) => ({ total, healthy: Math.min(total, healthy) }));
    fc.assert(
      fc.property(fc.array(priority, { maxLength: 6 }), fc.integer({ min: 0, max: 100 }), (priorities, percent) => {
        const { loads, panic } = priorityLoad(priorities, percent);
        const sum = loads.reduce((all, load) => all + load, 0);
        const nobody = priorities.every(({ healthy }, index) => healthy === 0 && !panic[index]);
        assert.equal(sum, nobody ? 0 : 100);
        assert.ok(loads.every((load) => load >= 0));
      }),
    );
  });
});
