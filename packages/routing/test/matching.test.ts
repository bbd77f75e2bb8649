import assert from 'node:assert/strict';
import { outcome, tableFrom, to, virtualService } from './support.ts';
import type { RouteRequest } from '../src/index.ts';

const HIT = '299';

/** A VirtualService for reviews that answers 299 where the match block holds and 211 elsewhere. */
function hitOrMiss(match: string): string {
  return virtualService(
    'reviews',
    `- match: [${match}]
  directResponse: { status: 299 }
- directResponse: { status: 211 }`,
  );
}

function get(path: string, headers: readonly string[] = [], more: Partial<RouteRequest> = {}): RouteRequest {
  return to(`http://reviews:9080${path}`, { headers, ...more });
}

/** What each match must take and must leave. */
const CASES: readonly {
  readonly match: string;
  readonly takes: readonly RouteRequest[];
  readonly leaves: readonly RouteRequest[];
}[] = [
  {
    match: '{ uri: { exact: /a } }',
    takes: [get('/a'), get('/a?x=1')],
    leaves: [get('/a/'), get('/A'), get('/ab'), get('/')],
  },
  { match: '{ uri: { exact: "/a b" } }', takes: [], leaves: [get('/a%20b'), get('/a+b')] },
  {
    match: '{ uri: { prefix: /foo } }',
    takes: [get('/foo'), get('/foo/bar'), get('/foobar'), get('/foo?x')],
    leaves: [get('/fo'), get('/FOO'), get('/fo?o'), get('/?/foo')],
  },
  {
    match: '{ uri: { regex: "/items/[0-9]+" } }',
    takes: [get('/items/12'), get('/items/12?a=b')],
    leaves: [get('/items/12/'), get('/items/x'), get('/v1/items/12')],
  },
  { match: '{ uri: { regex: "(?i)/abc" } }', takes: [get('/ABC')], leaves: [get('/abcd')] },
  { match: '{ uri: { regex: "/x/.*/z" } }', takes: [get('/x/a/b/z'), get('/x//z')], leaves: [get('/x/z')] },
  {
    match: '{ uri: { prefix: /Hello }, ignoreUriCase: true }',
    takes: [get('/hello/x'), get('/HELLOX')],
    leaves: [get('/hell')],
  },
  { match: '{ uri: { exact: /Hello }, ignoreUriCase: true }', takes: [get('/hELLO?q')], leaves: [get('/hello/')] },
  { match: '{ method: { exact: get } }', takes: [], leaves: [get('/')] },
  {
    match: '{ method: { regex: "PUT|PATCH" } }',
    takes: [get('/', [], { method: 'PUT' })],
    leaves: [get('/'), get('/', [], { method: 'PUTT' })],
  },
  {
    match: '{ headers: { end-user: { exact: jason } } }',
    takes: [get('/', ['end-user', 'jason']), get('/', ['End-User', 'jason'])],
    leaves: [get('/', ['end-user', 'Jason']), get('/', ['end-user', 'jasonx']), get('/')],
  },
  {
    match: '{ headers: { x-t: { exact: a } } }',
    takes: [get('/', ['x-t', 'a', 'x-t', 'b']), get('/', ['x-t', 'b', 'X-T', 'a'])],
    leaves: [get('/', ['x-t', 'a, b'])],
  },
  {
    match: '{ headers: { cookie: { regex: "^(.*?;)?(user=jason)(;.*)?$" } } }',
    takes: [get('/', ['cookie', 'user=jason']), get('/', ['cookie', 'a=b;user=jason;c=d'])],
    leaves: [get('/', ['cookie', 'a=b; user=jason']), get('/', ['cookie', 'user=jasonx'])],
  },
  { match: '{ headers: { x-t: {} } }', takes: [get('/', ['x-t', 'v']), get('/', ['x-t', ''])], leaves: [get('/')] },
  { match: '{ headers: { x-t: { regex: ".*" } } }', takes: [get('/', ['x-t', ''])], leaves: [get('/')] },
  {
    match: '{ headers: { x-a: { exact: "1" }, x-b: { prefix: "2" } } }',
    takes: [get('/', ['x-a', '1', 'x-b', '22'])],
    leaves: [get('/', ['x-a', '1']), get('/', ['x-b', '2'])],
  },
  {
    match: '{ headers: { ":method": { exact: POST } } }',
    takes: [get('/', [], { method: 'POST' })],
    leaves: [get('/'), get('/', [':method', 'POST'])],
  },
  {
    match: '{ headers: { ":authority": { prefix: "reviews:" } } }',
    takes: [get('/')],
    leaves: [get('/', [], { authority: 'reviews' })],
  },
  { match: '{ withoutHeaders: { x-t: {} } }', takes: [get('/')], leaves: [get('/', ['x-t', 'v']), get('/', ['x-t', ''])] },
  {
    match: '{ withoutHeaders: { x-t: { regex: "a.*" } } }',
    takes: [get('/'), get('/', ['x-t', 'xabc'])],
    leaves: [get('/', ['x-t', 'abc'])],
  },
  {
    match: '{ withoutHeaders: { x-t: { exact: a } } }',
    takes: [get('/', ['x-t', 'b', 'x-t', 'c']), get('/', ['x-t', 'a,b'])],
    leaves: [get('/', ['x-t', 'b', 'x-t', 'a'])],
  },
  {
    match: '{ withoutHeaders: { x-t: { regex: ".*" } } }',
    takes: [],
    leaves: [get('/'), get('/', ['x-t', 'v'])],
  },
  {
    match: '{ queryParams: { v: { exact: "2" } } }',
    takes: [get('/?v=2'), get('/?a=1&v=2'), get('/?v=2&v=1'), get('/?v=2&'), get('/?vv=1&v=2')],
    leaves: [get('/?v=20'), get('/?V=2'), get('/?v='), get('/?v'), get('/'), get('/?v=1&v=2'), get('/?a=1;v=2'), get('/?%76=2')],
  },
  { match: '{ queryParams: { v: { regex: "[0-9]+" } } }', takes: [get('/?v=12')], leaves: [get('/?v=12a'), get('/?v=')] },
  { match: '{ queryParams: { v: {} } }', takes: [get('/?v=1'), get('/?v='), get('/?v')], leaves: [get('/'), get('/?vv=1')] },
  {
    match: '{ authority: { exact: reviews } }',
    takes: [get('/', [], { authority: 'reviews' })],
    leaves: [get('/'), get('/', [], { authority: 'reviews.default' })],
  },
  {
    match: '{ authority: { prefix: reviews } }',
    takes: [get('/')],
    leaves: [get('/', [], { authority: 'REVIEWS:9080' })],
  },
  {
    match: '{ scheme: { exact: http } }',
    takes: [get('/'), get('/', ['x-forwarded-proto', 'nonsense'])],
    leaves: [get('/', ['x-forwarded-proto', 'https']), get('/', [], { scheme: 'https' })],
  },
  { match: '{ sourceLabels: { app: client } }', takes: [get('/')], leaves: [] },
  { match: '{ sourceLabels: { app: other } }', takes: [], leaves: [get('/')] },
  { match: '{ sourceNamespace: prod }', takes: [], leaves: [get('/')] },
  { match: '{ gateways: [mesh], sourceLabels: { app: other }, sourceNamespace: prod }', takes: [get('/')], leaves: [] },
  { match: '{ gateways: [edge] }', takes: [], leaves: [get('/')] },
  { match: '{ port: 9080 }', takes: [get('/')], leaves: [] },
  { match: '{ port: 8000 }', takes: [], leaves: [get('/')] },
  {
    match: '{ sourceLabels: { app: other } }, { uri: { prefix: /open } }',
    takes: [get('/open')],
    leaves: [get('/')],
  },
  {
    match: '{ uri: { prefix: /a }, headers: { x-t: { exact: b } }, method: { exact: GET }, queryParams: { q: { exact: "1" } } }',
    takes: [get('/a?q=1', ['x-t', 'b'])],
    leaves: [
      get('/a?q=2', ['x-t', 'b']),
      get('/a?q=1'),
      get('/b?q=1', ['x-t', 'b']),
      get('/a?q=1', ['x-t', 'b'], { method: 'POST' }),
    ],
  },
];

describe('compileRoutes, matching', () => {
  for (const { match, takes, leaves } of CASES) {
    it(`takes and leaves what Istio does for ${match}`, () => {
      const table = tableFrom(hitOrMiss(match));
      for (const request of takes) assert.equal(outcome(table, request), HIT, `${request.path} ${request.headers.join()}`);
      for (const request of leaves) assert.equal(outcome(table, request), '211', `${request.path} ${request.headers.join()}`);
    });
  }

  it('takes the first rule that fits and never looks behind a rule without match', () => {
    const table = tableFrom(
      virtualService(
        'reviews',
        '- directResponse: { status: 210 }\n- match: [{ uri: { exact: /a } }]\n  directResponse: { status: 211 }',
      ),
    );
    assert.equal(outcome(table, get('/a')), '210');
    assert.equal(table.describe().filter(({ ruleIndex }) => ruleIndex >= 0).length, 1);
  });

  it('answers no-route where the host is ruled and no rule fits', () => {
    const table = tableFrom(virtualService('reviews', '- match: [{ uri: { exact: /a } }]\n  directResponse: { status: 211 }'));
    assert.deepEqual(table.match(get('/b')), { kind: 'no-route', host: 'reviews.default.svc.cluster.local' });
  });

  it('hands out the same match object for the same rule', () => {
    const table = tableFrom(hitOrMiss('{ uri: { exact: /a } }'));
    assert.equal(table.match(get('/a')), table.match(get('/a?other')));
  });

  it('says which block of a rule matched', () => {
    const table = tableFrom(hitOrMiss('{ uri: { exact: /a } }, { uri: { exact: /b } }'));
    const match = table.match(get('/b'));
    assert.equal(match.kind === 'route' && match.matchIndex, 1);
  });
});
