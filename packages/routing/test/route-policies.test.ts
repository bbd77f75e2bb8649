import assert from 'node:assert/strict';
import { RETRY_ON } from '@lateen/resilience';
import { routeOf, tableFrom, to, virtualService } from './support.ts';
import { DEFAULTS, ISTIO_RETRY_CONDITIONS, type CompileInput, type Route } from '../src/index.ts';

function ruled(fields: string, more: Partial<CompileInput> = {}): Route {
  const http = `- ${fields}\n  route: [{ destination: { host: ratings } }]`;
  return routeOf(tableFrom(virtualService('ratings', http), more).match(to('http://ratings:9080/')));
}

const RATINGS = 'outbound|9080||ratings.default.svc.cluster.local';

describe('Route.action forward', () => {
  const weighted = (destinations: string): Route =>
    routeOf(tableFrom(virtualService('ratings', `- route: [${destinations}]`)).match(to('http://ratings:9080/')));

  it('keeps weights of any sum and drops those of 0 and the absent', () => {
    const route = weighted(
      '{ destination: { host: a }, weight: 1 }, { destination: { host: b }, weight: 2 }, { destination: { host: c }, weight: 0 }, { destination: { host: d } }',
    );
    assert.ok(route.action.kind === 'forward');
    assert.deepEqual(
      route.action.destinations.map(({ weight }) => weight),
      [1, 2],
    );
    assert.equal(route.action.totalWeight, 3);
  });

  it('gives a single destination everything, whatever its weight', () => {
    const route = weighted('{ destination: { host: ratings }, weight: 30 }');
    assert.ok(route.action.kind === 'forward');
    assert.deepEqual(route.action.destinations, [
      { cluster: RATINGS, weight: 1, requestHeaders: undefined, responseHeaders: undefined },
    ]);
  });
});

describe('Route.timeoutMs', () => {
  it('is the rule’s, or none', () => {
    assert.equal(ruled('timeout: 0.5s').timeoutMs, 500);
    assert.equal(ruled('name: x').timeoutMs, 0);
  });
});

describe('Route.retry', () => {
  it('is the profile’s default where retries are absent, with or without a rule', () => {
    for (const profile of ['lateen', 'istio'] as const) {
      const bare = routeOf(tableFrom('', { defaults: profile }).match(to('http://ratings:9080/')));
      for (const route of [bare, ruled('name: x', { defaults: profile })]) {
        assert.deepEqual(route.retry, DEFAULTS[profile].retry);
        assert.deepEqual(route.backoff, { baseMs: 25, maxMs: 250 });
      }
    }
    assert.equal(DEFAULTS.istio.retry.conditions, ISTIO_RETRY_CONDITIONS);
    assert.equal(DEFAULTS.lateen.retry.conditions, ISTIO_RETRY_CONDITIONS | RETRY_ON['reset-on-reused-connection']);
  });

  it('is off with attempts 0', () => {
    assert.equal(ruled('retries: { attempts: 0 }').retry.maxRetries, 0);
  });

  it('takes Istio’s conditions where retryOn is left out, under either profile', () => {
    const { retry } = ruled('retries: { attempts: 3 }');
    assert.equal(retry.maxRetries, 3);
    assert.equal(retry.conditions, ISTIO_RETRY_CONDITIONS);
  });

  it('reads conditions, codes, the per-try timeout and the backoff', () => {
    const { retry, backoff } = ruled(
      'retries: { attempts: 2, retryOn: "gateway-error,409", perTryTimeout: 200ms, backoff: 100ms }',
    );
    assert.equal(retry.conditions, RETRY_ON['gateway-error'] | RETRY_ON['retriable-status-codes']);
    assert.deepEqual([...retry.statusCodes], [409]);
    assert.equal(retry.perTryTimeoutMs, 200);
    assert.deepEqual(backoff, { baseMs: 100, maxMs: 1000 });
  });
});

describe('Route.fault', () => {
  it('never happens without a percentage', () => {
    assert.equal(ruled('fault: { abort: { httpStatus: 500 } }').fault, undefined);
    assert.equal(ruled('fault: { abort: { httpStatus: 500, percentage: { value: 0 } } }').fault, undefined);
  });

  it('has shares with a granularity of one in a million', () => {
    const { fault } = ruled(
      'fault: { abort: { httpStatus: 555, percentage: { value: 1.5 } }, delay: { fixedDelay: 7s, percentage: { value: 0.0001 } } }',
    );
    assert.deepEqual(fault, {
      delayMs: 7000,
      delayShare: 0.000001,
      abortStatus: 555,
      abortGrpcStatus: undefined,
      abortShare: 0.015,
    });
  });
});

describe('Route.mirrors', () => {
  it('copies everything where the percentage is absent', () => {
    assert.deepEqual(ruled('mirror: { host: details }').mirrors, [
      { cluster: 'outbound|9080||details.default.svc.cluster.local', share: 1 },
    ]);
  });

  it('takes percentages and leaves out those of 0', () => {
    assert.equal(ruled('mirror: { host: details }\n  mirrorPercentage: { value: 0.5 }').mirrors[0]?.share, 0.005);
    assert.deepEqual(ruled('mirror: { host: details }\n  mirrorPercentage: { value: 0 }').mirrors, []);
    const several = ruled(
      'mirrors: [{ destination: { host: details }, percentage: { value: 25 } }, { destination: { host: reviews } }, { destination: { host: multi }, percentage: { value: 0 } }]',
    );
    assert.deepEqual(
      several.mirrors.map(({ share }) => share),
      [0.25, 1],
    );
  });
});

describe('Route.origin', () => {
  it('names file and line of the rule', () => {
    const { origin, ruleIndex, name } = ruled('name: only');
    assert.equal(origin?.kind, 'VirtualService');
    assert.equal(origin?.file, 'mesh/test.yaml');
    assert.ok(origin.line > 1);
    assert.equal(ruleIndex, 0);
    assert.equal(name, 'only');
  });
});
