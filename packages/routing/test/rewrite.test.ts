import assert from 'node:assert/strict';
import { routeOf, tableFrom, to, virtualService } from './support.ts';

/** The path a backend sees. */
function rewritten(rule: string, path: string, headers: readonly string[] = []): string {
  const table = tableFrom(virtualService('ratings', `- ${rule}\n  route: [{ destination: { host: ratings } }]`));
  const { rewrite } = routeOf(table.match(to(`http://ratings:9080${path}`, { headers })));
  return rewrite ? rewrite.path(path) : path;
}

describe('Route.rewrite', () => {
  const prefix = 'match: [{ uri: { prefix: /old } }]\n  rewrite: { uri: /new }';
  const cases: readonly (readonly [rule: string, from: string, to: string])[] = [
    [prefix, '/old', '/new'],
    [prefix, '/old/x/y?q=1', '/new/x/y?q=1'],
    [prefix, '/oldish', '/newish'],
    [prefix, '/old/a%20b/c%2Fd', '/new/a%20b/c%2Fd'],
    ['match: [{ uri: { prefix: /old } }]\n  rewrite: { uri: / }', '/old/x', '//x'],
    ['match: [{ uri: { prefix: /old } }]\n  rewrite: { uri: / }', '/old?q=1', '/?q=1'],
    ['match: [{ uri: { prefix: /old/ } }]\n  rewrite: { uri: /new }', '/old/x', '/newx'],
    ['match: [{ uri: { prefix: / } }]\n  rewrite: { uri: /base }', '/x', '/basex'],
    ['match: [{ uri: { exact: /old } }]\n  rewrite: { uri: /new }', '/old?q=1', '/new?q=1'],
    ['match: [{ uri: { prefix: /Old }, ignoreUriCase: true }]\n  rewrite: { uri: /new }', '/OLD/x', '/new/x'],
    ['match: [{ uri: { regex: "/a.*" } }]\n  rewrite: { uri: /new }', '/a/b/c?q=1', '/new?q=1'],
    ['rewrite: { uri: /all }', '/a/b?q=1', '/alla/b?q=1'],
    ['rewrite: { uriRegexRewrite: { match: one, rewrite: two } }', '/x/one/y/one?one=one', '/x/two/y/two?one=one'],
    ['rewrite: { uriRegexRewrite: { match: "^/api(/|$)(.*)", rewrite: "/\\\\2" } }', '/api/x', '/x'],
    ['rewrite: { uriRegexRewrite: { match: "^/api(/|$)(.*)", rewrite: "/\\\\2" } }', '/apix', '/apix'],
    ['rewrite: { uriRegexRewrite: { match: "x*", rewrite: "-" } }', '/xx', '-/-'],
    ['rewrite: { uriRegexRewrite: { match: "/(a)", rewrite: "$1\\\\1" } }', '/a', '$1a'],
  ];
  for (const [rule, from, expected] of cases) {
    it(`makes ${expected} of ${from} by ${rule.replaceAll('\n  ', ', ')}`, () => {
      assert.equal(rewritten(rule, from), expected);
    });
  }

  it('knows for each block what it matched', () => {
    const rule = 'match: [{ uri: { prefix: /a } }, { uri: { prefix: /bbb } }]\n  rewrite: { uri: /n }';
    assert.equal(rewritten(rule, '/ax'), '/nx');
    assert.equal(rewritten(rule, '/bbbx'), '/nx');
  });

  it('carries the authority, from rewrite or from a header operation on the host', () => {
    for (const part of [
      'rewrite: { authority: "other.test:8443" }',
      'headers: { request: { set: { ":authority": "other.test:8443" } } }',
      'headers: { request: { set: { Host: "other.test:8443" } } }',
    ]) {
      const table = tableFrom(virtualService('ratings', `- ${part}\n  route: [{ destination: { host: ratings } }]`));
      const route = routeOf(table.match(to('http://ratings:9080/x?y')));
      assert.equal(route.rewrite?.authority, 'other.test:8443');
      assert.equal(route.rewrite?.path('/x?y'), '/x?y');
      assert.equal(route.requestHeaders, undefined);
    }
  });

  it('is absent where nothing is rewritten', () => {
    const table = tableFrom(virtualService('ratings', '- route: [{ destination: { host: ratings } }]'));
    assert.equal(routeOf(table.match(to('http://ratings:9080/'))).rewrite, undefined);
  });
});
