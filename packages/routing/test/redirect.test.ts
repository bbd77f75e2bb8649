import assert from 'node:assert/strict';
import { routeOf, tableFrom, to, virtualService } from './support.ts';
import type { RouteRequest } from '../src/index.ts';

function redirected(redirect: string, request: RouteRequest, match = '{ uri: { prefix: /old } }'): string {
  const table = tableFrom(virtualService('ratings', `- match: [${match}]\n  redirect: ${redirect}`));
  const { action } = routeOf(table.match(request));
  assert.equal(action.kind, 'redirect');
  return action.kind === 'redirect' ? `${action.redirect.status} ${action.redirect.location(request)}` : '';
}

describe('Route.action redirect', () => {
  const cases: readonly (readonly [redirect: string, url: string, answer: string])[] = [
    ['{ uri: /new }', 'http://ratings:9080/old/x/y?q=1', '301 http://ratings:9080/new?q=1'],
    ['{ prefixRewrite: /new }', 'http://ratings:9080/old/x?q=1', '301 http://ratings:9080/new/x?q=1'],
    ['{ prefixRewrite: /new }', 'http://ratings:9080/oldish', '301 http://ratings:9080/newish'],
    ['{ uri: "/new?fixed=1" }', 'http://ratings:9080/old?q=1', '301 http://ratings:9080/new?fixed=1'],
    ['{ authority: new.test }', 'http://ratings:9080/old?q', '301 http://new.test/old?q'],
    ['{ authority: "new.test:8443" }', 'http://ratings:9080/old', '301 http://new.test:8443/old'],
    ['{ port: 80 }', 'http://ratings:9080/old', '301 http://ratings:9080/old'],
    ['{ port: 8443 }', 'http://ratings:9080/old', '301 http://ratings:8443/old'],
    ['{ scheme: https, derivePort: FROM_PROTOCOL_DEFAULT }', 'http://ratings:9080/old', '301 https://ratings:9080/old'],
    ['{ scheme: https, derivePort: FROM_REQUEST_PORT }', 'http://ratings:9080/old', '301 https://ratings:9080/old'],
    ['{ scheme: https, port: 443 }', 'http://ratings:9080/old', '301 https://ratings:9080/old'],
    ['{ uri: /n, redirectCode: 303 }', 'http://ratings:9080/old', '303 http://ratings:9080/n'],
    [
      '{ uri: /v2, authority: api.test, scheme: https, redirectCode: 302 }',
      'http://ratings:9080/old/x?q=1',
      '302 https://api.test/v2?q=1',
    ],
  ];
  for (const [redirect, url, answer] of cases) {
    it(`answers ${answer} by ${redirect}`, () => {
      assert.equal(redirected(redirect, to(url)), answer);
    });
  }

  it('drops a port that was only the old scheme’s default when the scheme changes', () => {
    const request = to('http://ratings:9080/old', { authority: 'ratings:80' });
    assert.equal(redirected('{ scheme: https }', request), '301 https://ratings/old');
  });

  it('keeps the scheme that x-forwarded-proto says', () => {
    const request = to('http://ratings:9080/old', { headers: ['x-forwarded-proto', 'https'] });
    assert.equal(redirected('{ uri: /new }', request), '301 https://ratings:9080/new');
  });

  it('keeps an IPv6 host whole', () => {
    const request = to('http://ratings:9080/old', { authority: '[::1]:9080' });
    const table = tableFrom(virtualService('ratings', '- redirect: { port: 8443 }'));
    const { action } = routeOf(table.match(to('http://ratings:9080/old')));
    assert.equal(action.kind === 'redirect' && action.redirect.location(request), 'http://[::1]:8443/old');
  });
});

describe('Route.action respond', () => {
  it('carries text and base64 bytes', () => {
    const answer = (body: string): string => {
      const table = tableFrom(virtualService('ratings', `- directResponse: { status: 299, body: ${body} }`));
      const { action } = routeOf(table.match(to('http://ratings:9080/')));
      return action.kind === 'respond'
        ? `${action.response.status} ${Buffer.from(action.response.body).toString()}`
        : action.kind;
    };
    assert.equal(answer('{ string: hello }'), '299 hello');
    assert.equal(answer('{ bytes: aGVsbG8= }'), '299 hello');
  });
});
