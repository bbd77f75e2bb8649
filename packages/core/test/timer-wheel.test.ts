import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fakeClock } from '../src/testing.ts';
import { TimerWheel, type WheelNode } from '../src/timer-wheel.ts';

class Probe implements WheelNode {
  wheelNext: WheelNode | null = null;
  wheelPrevious: WheelNode | null = null;
  wheelTick = -1;
  firedAt = -1;
  readonly #now: () => number;
  readonly #then: (() => void) | undefined;

  constructor(now: () => number, then?: () => void) {
    this.#now = now;
    this.#then = then;
  }

  onDeadline(): void {
    this.firedAt = this.#now();
    this.#then?.();
  }
}

describe('TimerWheel', () => {
  it('fires every node once, never early and at most a tick and its rounding late; cancelled ones never', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ delay: fc.integer({ min: 0, max: 20_000 }), cancelAt: fc.option(fc.integer({ min: 0, max: 20_000 })) }),
          { maxLength: 60 },
        ),
        (plans) => {
          const clock = fakeClock();
          const wheel = new TimerWheel(clock, { slots: 64 });
          const start = clock.now();
          const probes = plans.map((plan) => {
            const probe = new Probe(clock.now);
            wheel.schedule(probe, start + plan.delay);
            if (plan.cancelAt !== null) clock.setTimeout(() => wheel.cancel(probe), plan.cancelAt);
            return probe;
          });
          clock.advance(25_000);
          plans.forEach((plan, index) => {
            const fired = (probes[index] as Probe).firedAt;
            if (fired === -1) return assert.ok(plan.cancelAt !== null && plan.cancelAt <= plan.delay + 20);
            assert.ok(fired >= start + plan.delay, 'early');
            assert.ok(fired <= start + plan.delay + 20, `late by ${fired - start - plan.delay}`);
          });
          assert.equal(wheel.size, 0);
          assert.equal(clock.pending, 0, 'an empty wheel holds no timer');
        },
      ),
    );
  });

  it('survives a callback that cancels its neighbours and schedules itself again', () => {
    const clock = fakeClock();
    const wheel = new TimerWheel(clock);
    const second = new Probe(clock.now);
    const third = new Probe(clock.now);
    let again = 0;
    const first: Probe = new Probe(clock.now, () => {
      wheel.cancel(second);
      if (again++ < 2) wheel.schedule(first, clock.now() + 30);
    });
    for (const probe of [first, second, third]) wheel.schedule(probe, clock.now() + 50);
    clock.advance(500);
    assert.equal(again, 3);
    assert.equal(second.firedAt, -1);
    assert.notEqual(third.firedAt, -1);
  });

  it('catches up after a blocked loop', () => {
    const clock = fakeClock();
    const wheel = new TimerWheel(clock, { slots: 8 });
    const probes = [10, 500, 3_000].map((delay) => {
      const probe = new Probe(clock.now);
      wheel.schedule(probe, clock.now() + delay);
      return probe;
    });
    clock.advance(5_000);
    assert.ok(probes.every((probe) => probe.firedAt > 0));
  });

  it('refuses a slot count that is no power of two', () => {
    assert.throws(() => new TimerWheel(fakeClock(), { slots: 100 }), /power of two/);
  });
});
