import assert from 'node:assert/strict';
import { compileAuthorization } from '@lateen/authz';
import fc from 'fast-check';
import { resource, revision, WORKLOAD } from '../support/fixtures.ts';
import { naivelyAllowed } from './naive-authorization.ts';
import { policies, requests } from './random-policies.ts';

const SETS = 2_000;
const REQUESTS_PER_SET = 12;

describe('compileAuthorization, beside a naive evaluator', () => {
  it('decides the same over 24 000 pairs of policies and requests', function () {
    this.timeout(60_000);
    let allowed = 0;
    const perSet = fc.array(requests, { minLength: REQUESTS_PER_SET, maxLength: REQUESTS_PER_SET });
    fc.assert(
      fc.property(policies, perSet, (set, asked) => {
        const resources = set.map(({ name, action, rules }) => resource('AuthorizationPolicy', { action, rules }, { name }));
        const authorizer = compileAuthorization(revision(...resources), WORKLOAD);
        for (const request of asked) {
          const expected = naivelyAllowed(set, request);
          assert.equal(authorizer.decide(request).allowed, expected, JSON.stringify(request));
          if (expected) allowed++;
        }
      }),
      { numRuns: SETS, seed: 20_261_123 },
    );
    // Both answers are common, or the comparison would say little.
    const share = allowed / (SETS * REQUESTS_PER_SET);
    assert.ok(share > 0.15 && share < 0.85, `${share} of the requests are allowed`);
  });
});
