import assert from 'node:assert/strict';
import { compileAuthorization } from '@lateen/authz';
import fc from 'fast-check';
import { requests } from '../differential/random-policies.ts';
import { resource, revision, WORKLOAD } from '../support/fixtures.ts';

/** `LATEEN_FUZZ_RUNS=1000000` for the long run. */
const RUNS = Number(process.env['LATEEN_FUZZ_RUNS'] ?? 3_000);

const FIELDS =
  'principals namespaces serviceAccounts trustDomains requestPrincipals ipBlocks remoteIpBlocks hosts ports methods paths'.split(
    ' ',
  );
const KEYS = [
  'source.ip',
  'source.principal',
  'destination.port',
  'connection.sni',
  'request.auth.claims[a]',
  'request.auth.claims[a][b]',
  'request.headers[x]',
  'request.headers[]',
  'request.auth.claims[',
  'request.auth.claims[]]',
  'experimental.envoy.filters.a[b]',
  '__proto__',
  'constructor',
];
const value = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom(...'a*/{}.:[]()+?^$|\\0'), maxLength: 30 }),
  fc.constantFrom(
    '*',
    '**',
    '{*}',
    '/{**}/{*}',
    '*/',
    '/*',
    '0.0.0.0/0',
    '::/0',
    '65536',
    '-1',
    '__proto__',
    `${'a/'.repeat(200)}{**}`,
  ),
);
const values = fc.array(value, { maxLength: 4 });
const lists = fc.dictionary(
  fc.oneof(
    fc.constantFrom(...FIELDS),
    fc.constantFrom(...FIELDS).map((name) => `not${name.charAt(0).toUpperCase()}${name.slice(1)}`),
  ),
  values,
  { maxKeys: 4 },
);
const condition = fc.record(
  { key: fc.oneof(fc.constantFrom(...KEYS), fc.string()), values, notValues: values },
  { requiredKeys: ['key'] },
);
const rule = fc.record(
  {
    from: fc.array(fc.record({ source: lists }, { requiredKeys: [] }), { maxLength: 3 }),
    to: fc.array(fc.record({ operation: lists }, { requiredKeys: [] }), { maxLength: 3 }),
    when: fc.array(condition, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const spec = fc.record(
  {
    action: fc.constantFrom('ALLOW', 'DENY', 'AUDIT', 'CUSTOM'),
    rules: fc.array(rule, { maxLength: 5 }),
    provider: fc.record({ name: fc.string() }),
  },
  { requiredKeys: [] },
);

describe('compileAuthorization, given anything', () => {
  it('compiles and decides without an error, and its index finds what a search from end to end finds', function () {
    this.timeout(0);
    fc.assert(
      fc.property(fc.array(spec, { maxLength: 4 }), requests, (specs, request) => {
        const resources = specs.map((policy, i) => resource('AuthorizationPolicy', policy, { name: `p${i}` }));
        const authorizer = compileAuthorization(revision(...resources), WORKLOAD);
        const decision = authorizer.decide(request);
        authorizer.custom(request);
        authorizer.decideConnection(request);
        const matching = authorizer.explain(request).rules.filter(({ matched }) => matched);
        const denied = matching.find(({ action }) => action === 'DENY');
        if (denied) assert.deepEqual([decision.allowed, decision.policyId], [false, denied.policyId]);
        else if (decision.policyId !== undefined)
          assert.equal(decision.policyId, matching.find(({ action }) => action === 'ALLOW')?.policyId);
        else
          assert.equal(
            matching.some(({ action }) => action === 'ALLOW'),
            false,
          );
      }),
      { numRuns: RUNS, seed: 41 },
    );
  });
});
