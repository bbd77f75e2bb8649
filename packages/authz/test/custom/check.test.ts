import assert from 'node:assert/strict';
import { type CheckCall, checkRequest, type CheckVerdict, type ExtAuthzHttpSettings, type ExtAuthzProvider } from '@lateen/authz';
import { headerValue, headerValues } from '@lateen/core';
import { authorizer, FACTS } from '../support/fixtures.ts';

const REQUEST = {
  method: 'POST',
  path: '/a?b',
  host: 'app:80',
  headers: ['X-User', 'u', 'Authorization', 'secret', 'x-other', 'o', 'Host', 'app:80'],
};
const NO_BYTES = new Uint8Array();

function provider(settings: ExtAuthzHttpSettings): ExtAuthzProvider {
  const extensionProviders = [{ name: 'ext', envoyExtAuthzHttp: { service: 'authz', port: 8000, ...settings } }];
  const verdict = authorizer({ action: 'CUSTOM', provider: { name: 'ext' }, rules: [{}] }, {}, { extensionProviders }).custom(
    FACTS,
  );
  assert.ok(verdict?.kind === 'ask');
  return verdict.provider;
}

async function ask(
  settings: ExtAuthzHttpSettings,
  answer: { status: number; headers?: readonly string[] } | 'down',
  request: Parameters<typeof checkRequest>[1] = REQUEST,
): Promise<{ verdict: CheckVerdict; call: CheckCall | undefined }> {
  let seen: CheckCall | undefined;
  const verdict = await checkRequest(provider(settings), request, async (call) => {
    seen = call;
    if (answer === 'down') throw new Error('connection refused');
    return { headers: [], ...answer, body: Buffer.from('why not') };
  });
  return { verdict, call: seen };
}

describe('checkRequest', () => {
  it('shows the service method, prefixed path, host, authorization and the listed headers, and nothing else', async () => {
    const { call } = await ask(
      {
        pathPrefix: '/check',
        includeRequestHeadersInCheck: ['x-us*'],
        includeAdditionalHeadersInCheck: { 'X-Extra': '1' },
        timeout: '2s',
      },
      { status: 200 },
    );
    assert.equal(call?.method, 'POST');
    assert.equal(call?.path, '/check/a?b');
    assert.equal(call?.timeoutMs, 2_000);
    assert.deepEqual(call?.headers, [
      ...['host', 'app:80', 'x-user', 'u', 'authorization', 'secret', 'x-extra', '1'],
      ...['content-length', '0', 'x-envoy-internal', 'true', 'x-envoy-expected-rq-timeout-ms', '2000'],
    ]);
  });

  it('lets the service set, take away and answer with headers on 200 alone', async () => {
    const settings = {
      headersToUpstreamOnAllow: ['x-user', 'X-New-*'],
      headersToDownstreamOnAllow: ['set-cookie'],
      clearRouteCache: true,
    };
    const headers = [
      'x-user',
      'checked',
      'x-new-a',
      '1',
      'x-none',
      '2',
      'Set-Cookie',
      'a=b',
      'x-envoy-auth-headers-to-remove',
      'x-other, host',
    ];
    const { verdict } = await ask(settings, { status: 200, headers });
    assert.ok(verdict.allowed);
    assert.deepEqual(headerValues(verdict.headers, 'x-user'), ['checked']);
    assert.equal(headerValue(verdict.headers, 'x-new-a'), '1');
    assert.equal(headerValue(verdict.headers, 'x-none'), undefined);
    assert.equal(headerValue(verdict.headers, 'x-other'), undefined);
    assert.equal(headerValue(verdict.headers, 'host'), 'app:80');
    assert.deepEqual(verdict.responseHeaders, ['set-cookie', 'a=b']);
    assert.equal(verdict.clearRoute, true);
    assert.equal((await ask(settings, { status: 201 })).verdict.allowed, false);
  });

  it('hands a refusal on with the headers that are listed, all of them where none is', async () => {
    const answer = { status: 401, headers: ['www-authenticate', 'Basic', 'x-a', '1', 'x-b', '2', 'Connection', 'close'] };
    const listed = (await ask({ headersToDownstreamOnDeny: ['x-a'] }, answer)).verdict;
    const all = (await ask({}, answer)).verdict;
    assert.ok(!listed.allowed && !all.allowed);
    assert.equal(listed.status, 401);
    assert.equal(Buffer.from(listed.body).toString(), 'why not');
    assert.deepEqual(listed.headers, ['www-authenticate', 'Basic', 'x-a', '1']);
    assert.deepEqual(all.headers, ['www-authenticate', 'Basic', 'x-a', '1', 'x-b', '2']);
  });

  it('refuses when the service fails, unless it fails open', async () => {
    for (const answer of ['down', { status: 503 }] as const) {
      const { verdict } = await ask({}, answer);
      assert.ok(!verdict.allowed);
      assert.deepEqual([verdict.status, verdict.flag, verdict.details, verdict.body], [403, 'UAEX', 'ext_authz_error', NO_BYTES]);
      const other = (await ask({ statusOnError: '500' }, answer)).verdict;
      assert.equal(!other.allowed && other.status, 500);
      const open = (await ask({ failOpen: true }, answer)).verdict;
      assert.deepEqual(open.allowed && open.headers, REQUEST.headers);
    }
  });

  it('shows the body, whole or in part as it is allowed to', async () => {
    const body = { bytes: Buffer.from('0123'), complete: false };
    const partial = await ask(
      { includeRequestBodyInCheck: { maxRequestBytes: 4, allowPartialMessage: true } },
      { status: 200 },
      { ...REQUEST, body },
    );
    assert.equal(headerValue(partial.call?.headers ?? [], 'x-envoy-auth-partial-body'), 'true');
    assert.equal(headerValue(partial.call?.headers ?? [], 'content-length'), '4');
    const whole = await ask({ includeRequestBodyInCheck: { maxRequestBytes: 4 } }, { status: 200 }, { ...REQUEST, body });
    assert.equal(whole.call, undefined);
    assert.equal(!whole.verdict.allowed && whole.verdict.status, 413);
  });
});
