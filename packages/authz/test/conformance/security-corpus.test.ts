import assert from 'node:assert/strict';
import { readArea } from './corpus.ts';
import { DIFFERENCES, notAboutDecisions, runSecurityCase } from './security-case.ts';

const AREAS = [
  'authz-paths',
  'authz-match',
  'authz-logic',
  'authz-custom',
  'jwt',
  'jwt-claims',
  'mtls-identity',
  'security-gateway',
];

describe('Decisions recorded from Istio', () => {
  for (const area of AREAS) {
    describe(area, () => {
      for (const test of readArea(area)) {
        if (notAboutDecisions(test) || DIFFERENCES.has(test.id)) continue;
        it(`${test.id}: ${test.title}`, async () => {
          assert.deepEqual(await runSecurityCase(test), []);
        });
      }
    });
  }
});
