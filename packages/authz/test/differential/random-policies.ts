import fc from 'fast-check';
import type { RequestFacts } from '@lateen/authz';
import { FACTS, principal } from '../support/fixtures.ts';
import type { NaivePolicy, NaiveRule } from './naive-authorization.ts';

/** Few words, so that rules and requests meet often. */
const PATHS = ['/', '/a', '/a/', '/a/b', '/a/b/c', '/b', '/b/info', '//a', '/z/1/2'];
const PATH_VALUES = [...PATHS, '/a*', '/a/*', '*', '*/info', '*b', '/a/{*}/c', '/a/{**}', '/{*}', '/{**}/c', '/a/{**}/c'];
const ACCOUNTS = ['foo/sleep', 'foo/curl', 'bar/sleep', 'default/sleep', 'foobar/sleeper'];
const PRINCIPAL_VALUES = [
  '*',
  'cluster.local/ns/foo/sa/sleep',
  'cluster.local/ns/foo*',
  '*/sa/sleep',
  'other/ns/foo/sa/sleep',
  '*foo/sa/curl',
];
const ADDRESSES = ['10.0.0.1', '10.0.1.1', '203.0.113.9', '2001:db8::1', '::ffff:10.0.0.1', '::1'];
const BLOCKS = [
  '10.0.0.0/8',
  '10.0.0.0/24',
  '10.0.0.1',
  '203.0.113.9',
  '0.0.0.0/0',
  '::/0',
  '2001:db8::/32',
  '::1',
  '203.0.113.128/25',
];
const WORDS = ['a', 'ab', 'b', ''];
const WORD_VALUES = ['a', 'ab', 'a*', '*b', '*'];
const HOSTS = ['app', 'APP', 'app:80', 'x.test', 'X.Test'];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];

const list = (values: readonly string[]): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });

/** Some of these fields, each also as its negation. */
function someOf(fields: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<Record<string, string[]>> {
  const choices = Object.entries(fields).flatMap(([name, values]) => [
    fc.tuple(fc.constant(name), list(values)),
    fc.tuple(fc.constant(`not${name.charAt(0).toUpperCase()}${name.slice(1)}`), list(values)),
  ]);
  return fc.array(fc.oneof(...choices), { minLength: 1, maxLength: 3 }).map((entries) => Object.fromEntries(entries));
}

const source = someOf({
  principals: PRINCIPAL_VALUES,
  namespaces: ['foo', 'foo*', '*bar', '*'],
  serviceAccounts: [...ACCOUNTS, 'sleep'],
  ipBlocks: BLOCKS,
  remoteIpBlocks: BLOCKS,
  requestPrincipals: ['*', 'iss/*', '*/alice', 'iss/alice', 'iss/a*', '*s/bob', 'a/b/c'],
}).map((fields) => ({ source: fields }));

const operation = someOf({
  hosts: ['app', '*.test', 'app*', '*', '*:80', 'X.TEST'],
  methods: ['GET', 'P*', '*T', '*'],
  ports: ['80', '9080', '0'],
  paths: PATH_VALUES,
}).map((fields) => ({ operation: fields }));

const condition = fc.oneof(
  ...(
    [
      ['source.ip', BLOCKS],
      ['remote.ip', BLOCKS],
      ['source.namespace', ['foo', '*']],
      ['source.principal', PRINCIPAL_VALUES],
      ['destination.port', ['80', '9080']],
      ['request.headers[x]', WORD_VALUES],
      ['request.headers[y]', WORD_VALUES],
      ['request.auth.principal', ['iss/alice', '*']],
      ['request.auth.claims[c]', WORD_VALUES],
      ['request.auth.claims[n][c]', WORD_VALUES],
    ] as const
  ).map(([key, values]) =>
    fc.oneof(
      list(values).map((chosen) => ({ key, values: chosen })),
      list(values).map((chosen) => ({ key, notValues: chosen })),
      fc.tuple(list(values), list(values)).map(([is, not]) => ({ key, values: is, notValues: not })),
    ),
  ),
);

const rule: fc.Arbitrary<NaiveRule> = fc.record(
  {
    from: fc.array(source, { minLength: 1, maxLength: 3 }),
    to: fc.array(operation, { minLength: 1, maxLength: 3 }),
    when: fc.array(condition, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const policy = fc.record({
  name: fc.constantFrom('p1', 'p2', 'p3', 'p4', 'p5'),
  action: fc.constantFrom('ALLOW' as const, 'ALLOW' as const, 'DENY' as const, 'AUDIT' as const),
  rules: fc.array(rule, { minLength: 1, maxLength: 5 }),
});

export const policies: fc.Arbitrary<NaivePolicy[]> = fc.uniqueArray(policy, {
  minLength: 1,
  maxLength: 5,
  selector: ({ name }) => name,
});

const claims = fc.record(
  {
    iss: fc.constantFrom('iss', 'a/b', ''),
    sub: fc.constantFrom('alice', 'bob', 'c', ''),
    c: fc.oneof(fc.constantFrom(...WORDS, 1, true), fc.array(fc.constantFrom(...WORDS, 2), { maxLength: 3 })),
    n: fc.record({ c: fc.oneof(fc.constantFrom(...WORDS), fc.array(fc.constantFrom(...WORDS))) }),
  },
  { requiredKeys: [] },
);

const headers = fc
  .array(fc.tuple(fc.constantFrom('x', 'X', 'y', 'xy'), fc.constantFrom(...WORDS)), { maxLength: 4 })
  .map((lines) => lines.flat());

export const requests: fc.Arbitrary<RequestFacts> = fc.record({
  ...{ destinationIp: fc.constant(FACTS.destinationIp), sni: fc.constant(''), scheme: fc.constant('http') },
  principal: fc.oneof(
    fc.constant(undefined),
    fc.tuple(fc.constantFrom(...ACCOUNTS), fc.constantFrom('cluster.local', 'other')).map(([account, trustDomain]) => {
      const [namespace = '', name = ''] = account.split('/');
      return principal(namespace, name, trustDomain);
    }),
  ),
  sourceIp: fc.constantFrom(...ADDRESSES),
  remoteIp: fc.constantFrom(...ADDRESSES),
  port: fc.constantFrom(80, 9080),
  method: fc.constantFrom(...METHODS),
  path: fc.tuple(fc.constantFrom(...PATHS), fc.constantFrom('', '?', '?x=/a')).map(([path, query]) => path + query),
  host: fc.constantFrom(...HOSTS),
  headers,
  claims: fc.option(claims, { nil: undefined }),
});
