import assert from 'node:assert/strict';
import { DEFAULTS } from '@lateen/routing';
import { Admission } from '../../src/cluster/admission.ts';

const pool = DEFAULTS.istio.connectionPool;

describe('Admission', () => {
  it('bounds requests in flight', () => {
    const admission = new Admission({ connectionPool: { ...pool, maxRequests: 2 }, retryBudget: { kind: 'none' } }, 0);
    assert.deepEqual([admission.admitRequest(0), admission.admitRequest(0), admission.admitRequest(0)], [true, true, false]);
    admission.requestEnded();
    assert.equal(admission.admitRequest(0), true);
    assert.equal(admission.requestsInFlight, 2);
  });

  it('bounds retries in flight, and takes nothing out of the budget for one it refuses', () => {
    const retryBudget = { kind: 'active-requests', percent: 100, minConcurrency: 2 } as const;
    const admission = new Admission({ connectionPool: { ...pool, maxRetries: 1 }, retryBudget }, 0);
    admission.admitRequest(0);
    assert.deepEqual([admission.admitRetry(0), admission.admitRetry(0)], [true, false]);
    assert.equal(admission.budget.available(0), 1);
    admission.retryEnded();
    assert.equal(admission.admitRetry(0), true);
  });
});
