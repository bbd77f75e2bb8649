import assert from 'node:assert/strict';
import { seededRandom } from '@lateen/core';
import fc from 'fast-check';
import { backoffMs } from '../src/backoff.ts';
import { parseRetryOn } from '../src/parse-retry-on.ts';
import { createRetryBudget } from '../src/retry-budget.ts';
import { type AttemptOutcome, RETRY_ON, type RetryPolicy } from '../src/retry-policy.ts';
import { isIdempotent, shouldRetry } from '../src/should-retry.ts';

const outcome = (part: Partial<AttemptOutcome>): AttemptOutcome => ({
  status: 0,
  grpcStatus: -1,
  failure: 'none',
  processed: 'unknown',
  reusedConnection: false,
  rateLimited: false,
  ...part,
});
const policy = (retryOn: string): RetryPolicy => ({
  maxRetries: 2,
  perTryTimeoutMs: 0,
  avoidsPreviousHosts: true,
  leavesPriorities: false,
  ...parseRetryOn(retryOn),
});
const ISTIO_DEFAULT = 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';

describe('shouldRetry', () => {
  const cases: readonly (readonly [string, string, Partial<AttemptOutcome>, string, boolean])[] = [
    ['a 503 of the upstream by default', ISTIO_DEFAULT, { status: 503 }, 'GET', false],
    ['a failed connection by default, whatever the method', ISTIO_DEFAULT, { failure: 'connect', processed: 'no' }, 'POST', true],
    ['a per-try timeout by default', ISTIO_DEFAULT, { failure: 'timeout' }, 'GET', false],
    ['a reset after the request was sent by default', ISTIO_DEFAULT, { failure: 'reset' }, 'GET', false],
    ['a 200 with grpc-status 14 by default', ISTIO_DEFAULT, { status: 200, grpcStatus: 14 }, 'POST', true],
    ['a 200 with grpc-status 1 by default', ISTIO_DEFAULT, { status: 200, grpcStatus: 1 }, 'POST', true],
    ['a 200 with grpc-status 13 by default', ISTIO_DEFAULT, { status: 200, grpcStatus: 13 }, 'POST', false],
    ['a 500 with 5xx', '5xx', { status: 500 }, 'GET', true],
    ['a reset with 5xx', '5xx', { failure: 'reset' }, 'GET', true],
    ['a timeout with 5xx', '5xx', { failure: 'timeout' }, 'GET', true],
    ['a 499 with 5xx', '5xx', { status: 499 }, 'GET', false],
    ['a 5xx of a rate limiter with 5xx', '5xx', { status: 503, rateLimited: true }, 'GET', false],
    ['a rate limiter with envoy-ratelimited', 'envoy-ratelimited', { status: 429, rateLimited: true }, 'GET', true],
    ['an overflow with everything', '5xx,reset,connect-failure', { failure: 'overflow' }, 'GET', false],
    ['a 501 with gateway-error', 'gateway-error', { status: 501 }, 'GET', false],
    ['a 502 with gateway-error', 'gateway-error', { status: 502 }, 'GET', true],
    ['a per-try timeout with gateway-error', 'gateway-error', { failure: 'timeout' }, 'GET', true],
    ['a 409 with retriable-4xx', 'retriable-4xx', { status: 409 }, 'GET', true],
    ['a 404 with retriable-4xx', 'retriable-4xx', { status: 404 }, 'GET', false],
    ['a listed code', '503,404', { status: 404 }, 'GET', true],
    ['a code that is not listed', '503', { status: 500 }, 'GET', false],
    ['a reset before the request was sent', 'reset-before-request', { failure: 'reset', processed: 'no' }, 'POST', true],
    ['a reset after the request was sent with reset-before-request', 'reset-before-request', { failure: 'reset' }, 'GET', false],
    ['a refused stream', 'refused-stream', { failure: 'refused', processed: 'no' }, 'POST', true],
    ['a reset with gateway-error', 'gateway-error', { failure: 'reset' }, 'GET', true],
    ['a refused stream with gateway-error', 'gateway-error', { failure: 'refused', processed: 'no' }, 'GET', true],
    [
      'an endless wait for a connection with connect-failure',
      'connect-failure',
      { failure: 'connect', processed: 'no' },
      'PATCH',
      true,
    ],
    ['a reset with connect-failure', 'connect-failure', { failure: 'reset' }, 'GET', false],
    [
      'a closed connection that nothing was sent on by default',
      ISTIO_DEFAULT,
      { failure: 'reset', processed: 'no' },
      'POST',
      true,
    ],
    ['a failure of our own making', '5xx,reset', { failure: 'local' }, 'GET', false],
    ['a success', '5xx,reset', { status: 200 }, 'GET', false],
  ];
  for (const [title, retryOn, part, method, expected] of cases) {
    it(`${expected ? 'retries' : 'does not retry'} ${title}`, () =>
      assert.equal(shouldRetry(policy(retryOn), outcome(part), method), expected));
  }

  it('retries a reset of a reused connection for idempotent methods only', () => {
    const ours = { ...policy('connect-failure'), conditions: RETRY_ON['reset-on-reused-connection'] };
    const reset = outcome({ failure: 'reset', reusedConnection: true });
    assert.equal(shouldRetry(ours, reset, 'GET'), true);
    assert.equal(shouldRetry(ours, reset, 'POST'), false);
    assert.equal(shouldRetry(ours, outcome({ failure: 'reset' }), 'GET'), false);
  });
});

describe('isIdempotent', () => {
  it('knows RFC 9110', () => {
    assert.deepEqual(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'POST', 'PATCH', 'get'].map(isIdempotent), [
      true,
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('parseRetryOn', () => {
  it('turns numbers into retriable status codes and tells unknown words', () => {
    assert.deepEqual(parseRetryOn('700,099,5e2').unknown, ['700', '099', '5e2']);
    const parsed = parseRetryOn('5xx,503,nonsense, reset');
    assert.equal(parsed.conditions, RETRY_ON['5xx'] | RETRY_ON['retriable-status-codes']);
    assert.deepEqual([...parsed.statusCodes], [503]);
    assert.deepEqual(parsed.unknown, ['nonsense', ' reset']);
    assert.deepEqual(parseRetryOn('reset-on-reused-connection').unknown, ['reset-on-reused-connection']);
  });
});

describe('backoffMs', () => {
  it('stays below the doubled base and the maximum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer(), (retry, seed) => {
        const wait = backoffMs({ baseMs: 25, maxMs: 250 }, retry, seededRandom(seed));
        assert.ok(wait >= 0 && wait < Math.min(25 * 2 ** retry, 250));
      }),
    );
  });
});

describe('createRetryBudget', () => {
  it('token bucket: retries stay within the share and the reserve over any run of traffic', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 400 }), retries: fc.integer({ min: 0, max: 5 }) }), {
          maxLength: 300,
        }),
        (steps) => {
          let now = 0;
          const budget = createRetryBudget({ kind: 'token-bucket', percent: 20, minPerSec: 3 }, now);
          let granted = 0;
          for (const step of steps) {
            now += step.afterMs;
            budget.onRequest(now);
            for (let i = 0; i < step.retries; i++) if (budget.tryWithdraw(now)) granted++;
          }
          assert.ok(granted <= 30 + (now / 1_000) * 3 + steps.length * 0.2 + 1e-6);
        },
      ),
    );
  });

  it('token bucket: grants the reserve at the start, then a fifth of the requests', () => {
    const budget = createRetryBudget({ kind: 'token-bucket', percent: 20, minPerSec: 0 }, 0);
    assert.equal(budget.tryWithdraw(0), false);
    for (let i = 0; i < 10; i++) budget.onRequest(i);
    assert.equal(budget.available(10), 1);
    assert.equal(budget.tryWithdraw(10), true);
  });

  it('active requests: a share of what is in flight, at least the minimum', () => {
    const budget = createRetryBudget({ kind: 'active-requests', percent: 20, minConcurrency: 3 }, 0);
    for (let i = 0; i < 20; i++) budget.onRequest(0);
    const granted = Array.from({ length: 6 }, () => budget.tryWithdraw(0)).filter(Boolean).length;
    assert.equal(granted, 4);
    budget.onRetryEnd();
    assert.equal(budget.tryWithdraw(0), true);
    for (let i = 0; i < 20; i++) budget.onRequestEnd();
    assert.equal(budget.available(0), -1);
  });

  it('none: never refuses', () => {
    assert.equal(createRetryBudget({ kind: 'none' }, 0).tryWithdraw(0), true);
  });
});
