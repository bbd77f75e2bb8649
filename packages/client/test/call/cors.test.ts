import assert from 'node:assert/strict';
import type { CorsPolicy, RouteRequest } from '@lateen/routing';
import { addCorsHeaders, corsGrant, preflightReply } from '../../src/call/cors.ts';

const POLICY: CorsPolicy = {
  allowsOrigin: (origin) => origin === 'https://a.example',
  allowMethods: 'GET,PUT',
  allowHeaders: 'x-one,x-two',
  exposeHeaders: 'x-e1',
  maxAge: '90',
  allowCredentials: true,
  forwardsUnmatchedPreflights: true,
};

function request(method: string, headers: Readonly<Record<string, string>>): RouteRequest {
  return { method, path: '/', authority: 'ratings', port: 9080, scheme: 'http', headers: Object.entries(headers).flat() };
}

const ask = (policy: CorsPolicy, asked: RouteRequest) => preflightReply(policy, corsGrant(policy, asked), asked);
const preflight = (origin: string, more: Readonly<Record<string, string>> = {}) =>
  request('OPTIONS', { origin, 'access-control-request-method': 'PATCH', ...more });

describe('preflightReply', () => {
  it('answers a preflight from an allowed origin with all the policy says', () => {
    assert.deepEqual(ask(POLICY, preflight('https://a.example'))?.headers, [
      ...['access-control-allow-origin', 'https://a.example'],
      ...['access-control-allow-credentials', 'true'],
      ...['access-control-expose-headers', 'x-e1'],
      ...['access-control-allow-methods', 'GET,PUT'],
      ...['access-control-allow-headers', 'x-one,x-two'],
      ...['access-control-max-age', '90'],
    ]);
  });

  it('echoes what is asked for where the policy says *', () => {
    const policy = { ...POLICY, allowMethods: '*', allowHeaders: '*', exposeHeaders: '', maxAge: '', allowCredentials: false };
    const asked = preflight('https://a.example', { 'access-control-request-headers': 'x-any' });
    assert.deepEqual(ask(policy, asked)?.headers.slice(2), [
      ...['access-control-allow-methods', 'PATCH'],
      ...['access-control-allow-headers', 'x-any'],
    ]);
    assert.deepEqual(ask(policy, preflight('https://a.example'))?.headers.length, 4);
  });

  it('leaves other requests alone', () => {
    assert.equal(ask(POLICY, request('GET', { origin: 'https://a.example', 'access-control-request-method': 'GET' })), undefined);
    assert.equal(ask(POLICY, request('OPTIONS', { origin: 'https://a.example' })), undefined);
    assert.equal(ask(POLICY, request('OPTIONS', { 'access-control-request-method': 'GET' })), undefined);
    assert.equal(ask(POLICY, preflight('')), undefined);
  });

  it('lets an unmatched preflight through, or answers it with nothing', () => {
    const stranger = preflight('https://b.example');
    assert.equal(ask(POLICY, stranger), undefined);
    const kept = ask({ ...POLICY, forwardsUnmatchedPreflights: false }, stranger);
    assert.deepEqual([kept?.status, kept?.headers, kept?.isFinal], [200, [], true]);
  });
});

describe('addCorsHeaders', () => {
  it("replaces the service's own words, and adds no more than the policy has", () => {
    const lines = ['Access-Control-Allow-Origin', '*', 'x-a', '1', 'access-control-allow-methods', 'GET'];
    addCorsHeaders(lines, { policy: { ...POLICY, allowCredentials: false, exposeHeaders: '' }, origin: 'https://a.example' });
    assert.deepEqual(lines.toSorted(), [
      '1',
      'GET',
      'access-control-allow-methods',
      'access-control-allow-origin',
      'https://a.example',
      'x-a',
    ]);
  });
});
