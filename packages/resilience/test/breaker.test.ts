import assert from 'node:assert/strict';
import { fakeClock, type FakeClock } from '@lateen/core/testing';
import fc from 'fast-check';
import { BREAKER_STATE, type BreakerState } from '../src/breaker.ts';
import { OpossumBreaker } from '../src/opossum-breaker.ts';

describe('OpossumBreaker', () => {
  const OPTIONS = { consecutiveFailures: 3, openMs: 5_000 };
  const open = (): { breaker: OpossumBreaker; states: BreakerState[]; clock: FakeClock } => {
    const clock = fakeClock();
    const states: BreakerState[] = [];
    const breaker = new OpossumBreaker(OPTIONS, clock, (state) => states.push(state));
    for (let i = 0; i < 3; i++) breaker.onFailure();
    return { breaker, states, clock };
  };

  it('opens after so many failures in a row, not before, and a success starts the count anew', () => {
    const breaker = new OpossumBreaker(OPTIONS, fakeClock(), () => {});
    breaker.onFailure();
    breaker.onFailure();
    breaker.onSuccess();
    breaker.onFailure();
    breaker.onFailure();
    assert.equal(breaker.state, BREAKER_STATE.closed);
    assert.ok(breaker.tryAcquire());
    breaker.onFailure();
    assert.equal(breaker.state, BREAKER_STATE.open);
    assert.ok(!breaker.tryAcquire());
  });

  it('lets one trial at a time through after its pause; success closes', () => {
    const { breaker, states, clock } = open();
    clock.advance(4_999);
    assert.ok(!breaker.tryAcquire());
    clock.advance(1);
    assert.ok(breaker.tryAcquire());
    assert.ok(!breaker.tryAcquire());
    breaker.onSuccess();
    assert.ok(breaker.tryAcquire() && breaker.tryAcquire());
    assert.deepEqual(states, [BREAKER_STATE.open, BREAKER_STATE.halfOpen, BREAKER_STATE.closed]);
  });

  it('opens for another pause when the trial fails', () => {
    const { breaker, clock } = open();
    clock.advance(5_000);
    breaker.tryAcquire();
    breaker.onFailure();
    assert.equal(breaker.state, BREAKER_STATE.open);
    clock.advance(5_000);
    assert.equal(breaker.state, BREAKER_STATE.halfOpen);
  });

  it('hands the trial on when it ended without a verdict', () => {
    const { breaker, clock } = open();
    clock.advance(5_000);
    assert.ok(breaker.tryAcquire());
    breaker.release();
    assert.ok(breaker.tryAcquire());
  });

  it('does not close on a late success of a request sent before it opened', () => {
    const { breaker } = open();
    breaker.onSuccess();
    assert.equal(breaker.state, BREAKER_STATE.open);
  });

  it('leaves no timer behind when closed for good', () => {
    const { breaker, states, clock } = open();
    breaker.close();
    assert.equal(clock.pending, 0);
    clock.advance(60_000);
    assert.deepEqual(states, [BREAKER_STATE.open]);
  });

  it('is open, half-open and closed as a simple model of it', () => {
    const step = fc.constantFrom('ok', 'fail', 'acquire', 'release', 'wait');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const clock = fakeClock();
        const breaker = new OpossumBreaker(OPTIONS, clock, () => {});
        const model = { state: 0 as BreakerState, failures: 0, trial: false, until: 0 };
        for (const each of steps) {
          if (each === 'wait') {
            clock.advance(2_000);
            if (model.state === BREAKER_STATE.open && clock.now() >= model.until) model.state = BREAKER_STATE.halfOpen;
          } else if (each === 'acquire') {
            const allowed = model.state === BREAKER_STATE.closed || (model.state === BREAKER_STATE.halfOpen && !model.trial);
            assert.equal(breaker.tryAcquire(), allowed);
            if (model.state === BREAKER_STATE.halfOpen) model.trial = true;
          } else {
            model.trial = false;
            if (each === 'ok') {
              breaker.onSuccess();
              model.failures = 0;
              if (model.state === BREAKER_STATE.halfOpen) model.state = BREAKER_STATE.closed;
            } else if (each === 'fail') {
              breaker.onFailure();
              model.failures++;
              const trips =
                model.state === BREAKER_STATE.halfOpen || (model.state === BREAKER_STATE.closed && model.failures >= 3);
              if (trips) Object.assign(model, { state: BREAKER_STATE.open, until: clock.now() + 5_000 });
            } else breaker.release();
          }
          assert.equal(breaker.state, model.state);
          assert.equal(breaker.consecutiveFailures, model.failures);
        }
        breaker.close();
        assert.equal(clock.pending, 0);
      }),
    );
  });
});
