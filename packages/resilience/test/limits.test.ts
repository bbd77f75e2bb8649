import assert from 'node:assert/strict';
import { seededRandom } from '@lateen/core';
import { ConcurrencyLimit } from '../src/concurrency-limit.ts';
import { callDeadline, deadlineFromHeader, deadlineHeaderValue } from '../src/deadline.ts';
import { drawAbortStatus, drawDelayMs } from '../src/fault.ts';

describe('ConcurrencyLimit', () => {
  it('admits up to its maximum and counts refusals', () => {
    const limit = new ConcurrencyLimit(2);
    assert.deepEqual([limit.tryAcquire(), limit.tryAcquire(), limit.tryAcquire()], [true, true, false]);
    limit.release();
    assert.ok(limit.tryAcquire());
    assert.equal(limit.refused, 1);
    assert.equal(limit.active, 2);
  });
});

describe('deadlines', () => {
  it('travel as the milliseconds that remain', () => {
    assert.equal(deadlineHeaderValue(1_500.9, 1_000), '500');
    assert.equal(deadlineHeaderValue(900, 1_000), '1');
    assert.equal(deadlineFromHeader('500', 2_000), 2_500);
  });
  for (const value of [undefined, '', '0', '-5', '1e9', 'soon', '12345678901', '5 ']) {
    it(`mean nothing when the header says ${JSON.stringify(value)}`, () =>
      assert.equal(deadlineFromHeader(value, 0), Number.POSITIVE_INFINITY));
  }
  it("are the earlier of the caller's and the route's", () => {
    assert.equal(callDeadline(Number.POSITIVE_INFINITY, 0, 10), Number.POSITIVE_INFINITY);
    assert.equal(callDeadline(100, 500, 10), 100);
    assert.equal(callDeadline(1_000, 500, 10), 510);
  });
});

describe('faults', () => {
  const fault = { delayMs: 7_000, delayShare: 0.3, abortStatus: 500, abortGrpcStatus: undefined, abortShare: 0 };
  it('hit their share of requests, never at 0, always at 1', () => {
    const random = seededRandom(3);
    let delayed = 0;
    for (let i = 0; i < 10_000; i++) {
      if (drawDelayMs(fault, random) > 0) delayed++;
      assert.equal(drawAbortStatus(fault, random), 0);
      assert.equal(drawAbortStatus({ ...fault, abortShare: 1 }, random), 500);
    }
    assert.ok(delayed > 2_800 && delayed < 3_200, String(delayed));
  });
});
