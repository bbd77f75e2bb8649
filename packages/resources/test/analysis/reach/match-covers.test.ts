import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type MatchBlock, matchCovers } from '../../../src/analysis/reach/match-covers.ts';
import type { StringMatchDraft } from '../../../src/analysis/reach/string-match.ts';

interface Request {
  readonly path: string;
  readonly method: string;
  readonly authority: string;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly gateway: string;
}

const GATEWAYS = ['mesh', 'edge'];

function matchesText({ exact, prefix, regex }: StringMatchDraft, text: string, ignoresCase = false): boolean {
  const read = (value: string): string => (ignoresCase ? value.toLowerCase() : value);
  if (exact !== undefined) return read(text) === read(exact);
  if (prefix !== undefined) return read(text).startsWith(read(prefix));
  return regex === undefined || new RegExp(`^(?:${regex})$`).test(text);
}

const all = (
  matchers: unknown,
  values: Readonly<Record<string, string>>,
  test: (matcher: StringMatchDraft, value: string | undefined) => boolean,
): boolean =>
  Object.entries((matchers ?? {}) as Record<string, StringMatchDraft>).every(([name, matcher]) => test(matcher, values[name]));

const isThere = (matcher: StringMatchDraft, value: string | undefined): boolean =>
  value !== undefined && matchesText(matcher, value);

/** Whether a request meets a match, as Istio's documentation says. */
function meets(match: MatchBlock, request: Request): boolean {
  const { uri, method, authority, headers, withoutHeaders, queryParams, port, gateways, ignoreUriCase } = match;
  return (
    (!uri || matchesText(uri, request.path, ignoreUriCase === true)) &&
    (!method || matchesText(method, request.method)) &&
    (!authority || matchesText(authority, request.authority)) &&
    all(headers, request.headers, isThere) &&
    all(queryParams, request.query, isThere) &&
    all(withoutHeaders, request.headers, (matcher, value) => !isThere(matcher, value)) &&
    (port === undefined || port === request.port) &&
    (!gateways?.length || gateways.includes(request.gateway))
  );
}

const paths = fc.constantFrom('/', '/a', '/A', '/ab', '/a/b', '/a/B', '/b');
const words = fc.constantFrom('x', 'xy', 'y', '');
const text = (values: fc.Arbitrary<string>): fc.Arbitrary<StringMatchDraft> =>
  fc.oneof(
    values.map((exact) => ({ exact })),
    values.map((prefix) => ({ prefix })),
    fc.constantFrom({ regex: '.*' }, { regex: '.+' }, { regex: '/.*' }, { regex: '/a.*' }),
  );
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const matchers = fc.dictionary(fc.constantFrom('h', 'k'), fc.oneof(text(words), fc.constant({})), { maxKeys: 2 });

const matches: fc.Arbitrary<MatchBlock> = fc.record({
  uri: maybe(text(paths)),
  ignoreUriCase: maybe(fc.boolean()),
  method: maybe(text(fc.constantFrom('GET', 'POST'))),
  authority: maybe(text(words)),
  headers: maybe(matchers),
  withoutHeaders: maybe(matchers),
  queryParams: maybe(matchers),
  port: maybe(fc.constantFrom(80, 81)),
  gateways: maybe(fc.subarray(GATEWAYS)),
});
const values = fc.dictionary(fc.constantFrom('h', 'k'), words, { maxKeys: 2 });
const requests: fc.Arbitrary<Request> = fc.record({
  path: paths,
  method: fc.constantFrom('GET', 'POST'),
  authority: words,
  port: fc.constantFrom(80, 81),
  headers: values,
  query: values,
  gateway: fc.constantFrom(...GATEWAYS),
});

describe('matchCovers', () => {
  it('is true only where every request of the later match is one of the earlier', () => {
    fc.assert(
      fc.property(matches, matches, fc.array(requests, { minLength: 20, maxLength: 20 }), (earlier, later, some) => {
        if (!matchCovers(earlier, later, GATEWAYS)) return;
        for (const request of some) assert.ok(!meets(later, request) || meets(earlier, request), JSON.stringify(request));
      }),
      { numRuns: 4_000 },
    );
  });

  it('is true of a match and what asks for more than it', () => {
    fc.assert(
      fc.property(matches, fc.constantFrom(82, 83), (match, port) => {
        assert.ok(matchCovers(match, match, GATEWAYS));
        assert.ok(matchCovers({ ...match, port: undefined }, { ...match, port }, GATEWAYS));
      }),
    );
  });
});
