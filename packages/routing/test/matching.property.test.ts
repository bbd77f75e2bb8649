import assert from 'node:assert/strict';
import fc from 'fast-check';
import { naiveRule, type NaiveBlock, type NaiveMatch } from './naive-router.ts';
import { tableFrom, to } from './support.ts';
import type { RouteRequest } from '../src/index.ts';

/** Few letters, so that rules and requests meet often. */
const word = (letters: string, maxLength = 3): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength });

const path = fc.array(word('abA'), { maxLength: 3 }).map((segments) => `/${segments.join('/')}`);

function stringMatch(value: fc.Arbitrary<string>): fc.Arbitrary<NaiveMatch> {
  return fc.oneof(
    value.map((exact) => ({ exact })),
    value.map((prefix) => ({ prefix })),
    value.map((text) => ({ regex: `${text}[ab/]*` })),
  );
}

const named = (match: fc.Arbitrary<NaiveMatch>): fc.Arbitrary<Record<string, NaiveMatch>> =>
  fc.dictionary(fc.constantFrom('x', 'y'), match, { minKeys: 1, maxKeys: 2 });

const present = fc.oneof({ weight: 4, arbitrary: stringMatch(word('ab', 2)) }, { weight: 1, arbitrary: fc.constant({}) });

const block: fc.Arbitrary<NaiveBlock> = fc
  .record(
    {
      uri: stringMatch(path),
      ignoreUriCase: fc.boolean(),
      method: stringMatch(fc.constantFrom('GET', 'POST')),
      headers: named(present),
      withoutHeaders: named(present),
      queryParams: named(present),
    },
    { requiredKeys: [] },
  )
  // An empty block says nothing; a flag alone is none either.
  .filter((candidate) => Object.keys(candidate).some((key) => key !== 'ignoreUriCase'))
  // Istio refuses the flag beside a regex.
  .map(({ ignoreUriCase, ...rest }) => (ignoreUriCase && !rest.uri?.regex ? { ...rest, ignoreUriCase } : rest))
  // Mostly the path alone decides, as in life; then exact, prefix and other rules compete.
  .chain((candidate) => fc.boolean().map((bare) => (bare && candidate.uri ? { uri: candidate.uri } : candidate)));

const rules = fc.array(fc.record({ match: fc.array(block, { minLength: 1, maxLength: 2 }) }), { minLength: 1, maxLength: 30 });

const parameter = fc
  .tuple(fc.constantFrom('x', 'y', 'xx'), fc.constantFrom('', '=', '=a', '=ab', '=b=a'))
  .map((parts) => parts.join(''));

const request: fc.Arbitrary<RouteRequest> = fc
  .record({
    method: fc.constantFrom('GET', 'POST'),
    path: fc
      .tuple(path, fc.array(parameter, { maxLength: 3 }))
      .map(([start, query]) => (query.length ? `${start}?${query.join('&')}` : start)),
    headers: fc
      .array(fc.tuple(fc.constantFrom('x', 'X', 'y'), fc.constantFrom('', 'a', 'ab', 'b')), { maxLength: 3 })
      .map((lines) => lines.flat()),
  })
  .map((parts) => to('http://reviews:9080/', parts));

describe('compileRoutes, against the specification read aloud', () => {
  it('takes the same rule for any rules and requests', () => {
    fc.assert(
      fc.property(rules, fc.array(request, { minLength: 1, maxLength: 20 }), (http, requests) => {
        const table = tableFrom(
          JSON.stringify({
            apiVersion: 'networking.istio.io/v1',
            kind: 'VirtualService',
            metadata: { name: 'reviews', namespace: 'default' },
            spec: { hosts: ['reviews'], http: http.map((rule) => ({ ...rule, directResponse: { status: 299 } })) },
          }),
        );
        for (const each of requests) {
          const match = table.match(each);
          const expected = naiveRule(http, each);
          assert.equal(match.kind === 'route' ? match.route.ruleIndex : -1, expected, JSON.stringify(each));
          assert.equal(table.explainMatch(each).match, match, 'explainMatch and match disagree');
        }
      }),
      { numRuns: 150 },
    );
  });
});
