import assert from 'node:assert/strict';
import { fakeClock } from '@lateen/core/testing';
import { Availability, UNAVAILABLE } from '../src/availability.ts';
import { LoadTable } from '../src/load-table.ts';
import { type OutlierDetectionOptions, OutlierDetector, type OutlierSample } from '../src/outlier-detector.ts';

const DEFAULTS: OutlierDetectionOptions = {
  consecutive5xx: 5,
  consecutiveGatewayErrors: 0,
  consecutiveLocalOriginFailures: 5,
  splitExternalLocalOriginErrors: false,
  intervalMs: 10_000,
  baseEjectionTimeMs: 30_000,
  maxEjectionPercent: 10,
  mergeWindowMs: 0,
};

function setUp(size: number, options: Partial<OutlierDetectionOptions> = {}) {
  const clock = fakeClock();
  const table = new LoadTable();
  const slots = Int32Array.from({ length: size }, () => table.acquire(1));
  const availability = new Availability(table);
  const events: string[] = [];
  const detector = new OutlierDetector({ ...DEFAULTS, ...options }, availability, clock, (slot, change, reason) =>
    events.push(`${slot} ${change} ${reason}`),
  );
  detector.update(slots);
  const feed = (slot: number, ...samples: OutlierSample[]): void => samples.forEach((sample) => detector.onResult(slot, sample));
  const fail = (slot: number, times = 5): void => feed(slot, ...Array.from({ length: times }, () => '5xx' as const));
  return { clock, table, slots, availability, events, detector, feed, fail };
}

describe('OutlierDetector', () => {
  it('ejects after consecutive 5xx only', () => {
    const { feed, fail, table, events } = setUp(10);
    fail(0, 4);
    feed(0, 'success');
    fail(0, 4);
    assert.equal(table.available[0], 1);
    fail(0, 1);
    assert.equal(table.available[0], 0);
    assert.deepEqual(events, ['0 ejected consecutive 5xx']);
  });

  for (const [percent, size, allowed] of [
    [10, 9, 0],
    [10, 10, 1],
    [30, 3, 0],
    [40, 3, 1],
    [50, 2, 1],
    [100, 2, 2],
  ] as const) {
    it(`with maxEjectionPercent ${percent} takes at most ${allowed} of ${size} out`, () => {
      const { fail, table, slots } = setUp(size, { maxEjectionPercent: percent });
      for (const slot of slots) fail(slot);
      assert.equal([...slots].filter((slot) => table.available[slot] === 0).length, allowed);
    });
  }

  it('returns an endpoint after base × count, and the count falls with each healthy interval', () => {
    const { clock, detector, fail, table } = setUp(2, { maxEjectionPercent: 100, baseEjectionTimeMs: 30_000 });
    fail(0);
    clock.advance(29_000);
    assert.equal(table.available[0], 0);
    clock.advance(2_000);
    assert.equal(table.available[0], 1);
    fail(0);
    assert.equal(detector.state(0).count, 2);
    clock.advance(50_000);
    assert.equal(table.available[0], 0);
    clock.advance(20_000);
    assert.equal(table.available[0], 1);
    clock.advance(20_000);
    assert.equal(detector.state(0).count, 0);
    assert.equal(clock.pending, 0);
  });

  it('counts failures without an answer as 5xx unless they are split', () => {
    const merged = setUp(2, { maxEjectionPercent: 100 });
    merged.feed(0, 'local', '5xx', 'local', 'gateway', 'local');
    assert.equal(merged.table.available[0], 0);
    const split = setUp(2, { maxEjectionPercent: 100, splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 2 });
    split.feed(0, 'local', '5xx', '5xx', 'local');
    assert.equal(split.table.available[0], 1, 'an answer, even a bad one, shows that it can be reached');
    split.feed(0, 'local');
    assert.deepEqual(split.events, ['0 ejected consecutive local origin failures']);
  });

  it('counts gateway errors apart: a plain 500 interrupts them', () => {
    const { feed, events } = setUp(2, { maxEjectionPercent: 100, consecutive5xx: 0, consecutiveGatewayErrors: 2 });
    feed(0, 'gateway', '5xx', 'gateway');
    assert.deepEqual(events, []);
    feed(0, 'gateway');
    assert.deepEqual(events, ['0 ejected consecutive gateway errors']);
  });

  it('does not count a member that left against the others', () => {
    const { detector, fail, table, slots } = setUp(2, { maxEjectionPercent: 50 });
    fail(0);
    detector.update(slots.slice(1));
    fail(1);
    assert.equal(table.available[1], 1, 'one of one is 100 %');
    detector.update(Int32Array.from([1, table.acquire(1)]));
    fail(1);
    assert.equal(table.available[1], 0);
  });

  it('takes a reset for the first failure of a new row where failures are split: the connection before it was a success', () => {
    const split = setUp(2, { maxEjectionPercent: 100, splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 2 });
    split.feed(0, 'reset', 'reset', 'reset', 'local');
    assert.deepEqual(split.events, ['0 ejected consecutive local origin failures']);
    const merged = setUp(2, { maxEjectionPercent: 100, consecutive5xx: 2 });
    merged.feed(0, 'reset', 'local');
    assert.deepEqual(merged.events, ['0 ejected consecutive 5xx']);
  });

  it('lets the first ejection take effect at once and the next ones together, where changes are merged', () => {
    const { clock, fail, table, slots } = setUp(3, { maxEjectionPercent: 100, mergeWindowMs: 1_000 });
    const out = (): number[] => [...slots].filter((slot) => table.available[slot] === 0);
    fail(0);
    clock.advance(300);
    fail(1);
    clock.advance(300);
    fail(2);
    assert.deepEqual(out(), [0]);
    clock.advance(700);
    assert.deepEqual(out(), [0, 1, 2]);
    clock.advance(60_000);
    assert.deepEqual(out(), []);
    clock.advance(60_000);
    assert.equal(clock.pending, 0);
  });

  it('counts anew when an endpoint returns', () => {
    const { clock, feed, fail, table } = setUp(2, { maxEjectionPercent: 100, consecutiveGatewayErrors: 3, consecutive5xx: 5 });
    feed(0, 'gateway', 'gateway', 'gateway');
    fail(0, 3);
    clock.advance(60_000);
    assert.equal(table.available[0], 1);
    fail(0, 2);
    assert.equal(table.available[0], 1);
  });

  it('starts counting anew when it may not eject', () => {
    const { fail, table, detector } = setUp(2, { maxEjectionPercent: 50 });
    fail(0);
    fail(1, 7);
    detector.update(Int32Array.from([1, table.acquire(1)]));
    fail(1, 2);
    assert.equal(table.available[1], 1);
    fail(1, 1);
    assert.equal(table.available[1], 0);
  });

  it('holds nothing of an earlier life against a slot that is used again', () => {
    const { availability, detector, fail, table, slots } = setUp(2, { maxEjectionPercent: 50 });
    fail(0);
    table.release(0);
    assert.equal(table.acquire(1), 0);
    availability.reset(0);
    detector.update(slots);
    assert.equal(detector.state(0).ejected, false);
    assert.equal(table.available[0], 1);
    fail(1);
    assert.equal(table.available[1], 0, 'the place of the ejected one is free again');
  });

  it('does not listen to the last answers of one that left', () => {
    const { detector, fail, slots, events } = setUp(2, { maxEjectionPercent: 100 });
    detector.update(slots.slice(0, 1));
    fail(1);
    assert.deepEqual(events, []);
  });
});

describe('Availability', () => {
  it('gives an endpoint back only when no reason is left', () => {
    const table = new LoadTable();
    const slot = table.acquire(1);
    const availability = new Availability(table);
    availability.set(slot, UNAVAILABLE.ejected);
    availability.set(slot, UNAVAILABLE.breakerOpen);
    availability.clear(slot, UNAVAILABLE.ejected);
    assert.equal(table.available[slot], 0);
    availability.clear(slot, UNAVAILABLE.breakerOpen);
    assert.equal(table.available[slot], 1);
    availability.set(40, UNAVAILABLE.ejected);
    assert.equal(availability.reasons(40), UNAVAILABLE.ejected);
  });
});

describe('Availability.setPanic', () => {
  it('calls ejected endpoints back, those behind an open breaker not, and sends them away again', () => {
    const table = new LoadTable();
    const availability = new Availability(table);
    const slots = Int32Array.of(table.acquire(1), table.acquire(1));
    availability.set(0, UNAVAILABLE.ejected);
    availability.set(1, UNAVAILABLE.breakerOpen);
    const { version } = availability;
    availability.setPanic(slots, true);
    assert.deepEqual([...table.available.slice(0, 2)], [1, 0]);
    assert.equal(availability.version, version, 'nobody fell sick or recovered');
    availability.setPanic(slots, false);
    assert.deepEqual([...table.available.slice(0, 2)], [0, 0]);
  });
});
