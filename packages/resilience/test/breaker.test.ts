import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { BREAKER_STATE, type BreakerState } from '../src/breaker.ts';
import { OpossumBreaker } from '../src/opossum-breaker.ts';

describe('OpossumBreaker', () => {
  // opossum runs the pause on the global timer, so this file fakes that one.
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
  afterEach(() => mock.timers.reset());

  const open = (): { breaker: OpossumBreaker; states: BreakerState[] } => {
    const states: BreakerState[] = [];
    const breaker = new OpossumBreaker({ consecutiveFailures: 3, openMs: 5_000 }, (state) => states.push(state));
    for (let i = 0; i < 3; i++) breaker.onFailure();
    return { breaker, states };
  };

  it('opens after so many failures in a row, not before, and a success starts the count anew', () => {
    const breaker = new OpossumBreaker({ consecutiveFailures: 3, openMs: 5_000 }, () => {});
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
    const { breaker, states } = open();
    mock.timers.tick(4_999);
    assert.ok(!breaker.tryAcquire());
    mock.timers.tick(1);
    assert.ok(breaker.tryAcquire());
    assert.ok(!breaker.tryAcquire());
    breaker.onSuccess();
    assert.ok(breaker.tryAcquire() && breaker.tryAcquire());
    assert.deepEqual(states, [BREAKER_STATE.open, BREAKER_STATE.halfOpen, BREAKER_STATE.closed]);
  });

  it('opens for another pause when the trial fails', () => {
    const { breaker } = open();
    mock.timers.tick(5_000);
    breaker.tryAcquire();
    breaker.onFailure();
    assert.equal(breaker.state, BREAKER_STATE.open);
    mock.timers.tick(5_000);
    assert.equal(breaker.state, BREAKER_STATE.halfOpen);
  });

  it('hands the trial on when it ended without a verdict', () => {
    const { breaker } = open();
    mock.timers.tick(5_000);
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
    const { breaker, states } = open();
    breaker.close();
    mock.timers.tick(60_000);
    assert.deepEqual(states, [BREAKER_STATE.open]);
  });
});
