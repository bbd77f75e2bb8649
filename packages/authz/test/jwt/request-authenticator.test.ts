import assert from 'node:assert/strict';
import { bearer, KEY, makeKey, request, setup, token } from '../support/tokens.ts';

const NOW = Date.UTC(2026, 0, 1) / 1_000;

async function bodyOf(jwtRules: readonly object[], headers: readonly string[], path = '/'): Promise<string | undefined> {
  return (await setup(jwtRules).authenticator.authenticate(request({ headers, path }))).refusal?.body;
}

describe('RequestAuthenticator', () => {
  it('lets requests without a token pass at once', () => {
    const headers = ['x', '1'];
    const outcome = setup([{ issuer: 'me' }]).authenticator.authenticate(request({ headers }));
    assert.deepEqual(outcome, { refusal: undefined, claims: undefined, headers, path: '/' });
  });

  it('believes a good token, takes it away, and answers from memory the second time', async () => {
    const { authenticator } = setup([{ issuer: 'me' }]);
    const asked = request({ headers: [...bearer(token({ scope: 'a  b' })), 'x', '1'] });
    const first = authenticator.authenticate(asked);
    assert.ok(first instanceof Promise);
    const outcome = await first;
    assert.ok(outcome.refusal === undefined);
    assert.deepEqual(outcome.headers, ['x', '1']);
    assert.deepEqual(outcome.claims, { iss: 'me', sub: 'alice', scope: ['a', 'b'] });
    assert.deepEqual(authenticator.authenticate(asked), outcome);
  });

  it('allows clocks to be a minute apart, also for tokens it remembers', async () => {
    assert.equal(await bodyOf([{ issuer: 'me' }], bearer(token({ exp: NOW - 60 }))), undefined);
    assert.equal(await bodyOf([{ issuer: 'me' }], bearer(token({ exp: NOW - 61 }))), 'Jwt is expired');
    assert.equal(await bodyOf([{ issuer: 'me' }], bearer(token({ nbf: NOW + 60 }))), undefined);
    assert.equal(await bodyOf([{ issuer: 'me' }], bearer(token({ nbf: NOW + 61 }))), 'Jwt not yet valid');
    const { authenticator, clock } = setup([{ issuer: 'me' }]);
    const asked = request({ headers: bearer(token({ exp: NOW + 10 })) });
    assert.equal((await authenticator.authenticate(asked)).refusal, undefined);
    clock.shiftWall(71_000);
    assert.equal((await authenticator.authenticate(asked)).refusal?.body, 'Jwt is expired');
  });

  it('names the fault of a token in Envoy’s words', async () => {
    const unsigned = (header: unknown, payload: unknown): string =>
      `${[header, payload].map((part) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')).join('.')}.AAAA`;
    const cases: readonly (readonly [string, string])[] = [
      ['a.b', 'Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections'],
      ['a..b', 'Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections'],
      ['+.e30.AAAA', 'Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections'],
      ['a+.e30.AAAA', 'Jwt header is an invalid Base64url encoded'],
      [unsigned('[]', {}), 'Jwt header is an invalid JSON'],
      [unsigned({}, {}), 'Jwt header [alg] field is required and must be a string'],
      [unsigned({ alg: 'none' }, {}), 'Jwt header [alg] is not supported'],
      [unsigned({ alg: 'ES256', kid: 1 }, {}), 'Jwt header [kid] field is not a string'],
      [unsigned({ alg: 'ES256' }, '{'), 'Jwt payload is an invalid JSON'],
      [unsigned({ alg: 'ES256' }, { iss: 1 }), 'Jwt payload [iss] field is not a string'],
      [unsigned({ alg: 'ES256' }, { sub: null }), 'Jwt payload [sub] field is not a string'],
      [unsigned({ alg: 'ES256' }, { exp: '1' }), 'Jwt payload [exp] field is not an integer'],
      [unsigned({ alg: 'ES256' }, { nbf: -1 }), 'Jwt payload [nbf] field is not a positive 64 bit integer'],
      [unsigned({ alg: 'ES256' }, { aud: ['a', 1] }), 'Jwt payload [aud] field is not a string or string list'],
      [unsigned({ alg: 'ES256' }, { iss: 'you' }), 'Jwt issuer is not configured'],
      [`${token({})}x`, 'Jwt verification fails'],
      [token({}, { key: { ...makeKey('one') } }), 'Jwt verification fails'],
      [token({}, { key: makeKey('two') }), "Jwks doesn't have key to match kid or alg from Jwt"],
      [token({}, { header: { alg: 'HS256' } }), 'Jwt verification fails'],
    ];
    for (const [text, expected] of cases) {
      const body = await bodyOf([{ issuer: 'me' }], bearer(text));
      assert.equal(
        body,
        text.startsWith('+') ? 'Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections' : expected,
        text,
      );
    }
  });

  it('asks for the audience before the signature, without scheme and last slash', async () => {
    const rule = { issuer: 'me', audiences: ['https://api.test/'] };
    assert.equal(await bodyOf([rule], bearer(token({ aud: ['x', 'api.test'] }))), undefined);
    const outcome = await setup([rule]).authenticator.authenticate(request({ headers: bearer(`${token({ aud: 'x' })}x`) }));
    assert.equal(outcome.refusal?.status, 403);
    assert.equal(outcome.refusal?.body, 'Audiences in Jwt are not allowed');
  });

  it('wants every token it finds to be valid', async () => {
    const rule = { issuer: 'me', fromHeaders: [{ name: 'X-A' }], fromParams: ['t'], fromCookies: ['c'] };
    const good = token({});
    const bad = token({ exp: 1 });
    assert.equal(await bodyOf([rule], ['x-a', good, 'cookie', `b=1; c="${good}"`], `/?t=${good}`), undefined);
    for (const [headers, path] of [
      [['x-a', bad, 'cookie', `c=${good}`], `/?t=${good}`],
      [['x-a', good, 'x-a', bad], '/'],
      [['x-a', good, 'cookie', `c=${bad}`], '/'],
      [['x-a', good], `/?t=${bad}`],
      [['x-a', good], `/?%74=${bad}`],
    ] as const)
      assert.equal(await bodyOf([rule], headers, path), 'Jwt is expired');
  });

  it('takes the parameter out of the target, and leaves the others as they were', async () => {
    const outcome = await setup([{ issuer: 'me' }]).authenticator.authenticate(
      request({ path: `/a?x=%31&access_token=${token({})}&y` }),
    );
    assert.equal(outcome.refusal === undefined && outcome.path, '/a?x=%31&y');
  });

  it('never repeats a token in the challenge', async () => {
    const outcome = await setup([{ issuer: 'me' }]).authenticator.authenticate(
      request({ path: `/a?x=1&access_token=${token({ exp: 1 })}` }),
    );
    assert.equal(outcome.refusal?.wwwAuthenticate, 'Bearer realm="http://app/a?x=1", error="invalid_token"');
  });

  it('writes headers from claims, and lets nobody else write them', async () => {
    const rule = {
      issuer: 'me',
      outputPayloadToHeader: 'X-Payload',
      outputClaimToHeaders: [
        { header: 'X-N', claim: 'n.m' },
        { header: 'x-list', claim: 'l' },
      ],
    };
    const { authenticator } = setup([rule]);
    assert.deepEqual([...authenticator.ownHeaders], ['x-payload', 'x-n', 'x-list']);
    const text = token({ n: { m: 2.5 }, l: ['a'] });
    const outcome = await authenticator.authenticate(
      request({ headers: [...bearer(text), 'X-N', 'forged', 'x-list', 'forged'] }),
    );
    assert.deepEqual(outcome.refusal === undefined && outcome.headers, [
      'x-payload',
      text.split('.')[1],
      'x-n',
      '2.500000',
      'x-list',
      'WyJhIl0=',
    ]);
    const without = await authenticator.authenticate(request({ headers: ['x-n', 'forged'] }));
    assert.deepEqual(without.refusal === undefined && without.headers, []);
  });

  it('does not let a claim begin a header of its own', async () => {
    const { authenticator } = setup([{ issuer: 'me', outputClaimToHeaders: [{ header: 'x-n', claim: 'n' }] }]);
    const outcome = await authenticator.authenticate(request({ headers: bearer(token({ n: 'a\r\nx-admin: 1' })) }));
    assert.deepEqual(outcome.refusal === undefined && outcome.headers, []);
  });

  it('tells, of several rules’ faults, the one about the token’s own issuer', async () => {
    const rules = [{ issuer: 'a' }, { issuer: 'me' }, { issuer: 'z' }];
    assert.equal(await bodyOf(rules, bearer(token({ exp: 1 }))), 'Jwt is expired');
    assert.equal(await bodyOf(rules, bearer(token({ iss: 'you' }))), 'Jwt issuer is not configured');
  });

  it('asks no preflight for a token', async () => {
    const headers = [...bearer('bad'), 'Origin', 'https://a.test', 'access-control-request-method', 'GET'];
    const { authenticator } = setup([{ issuer: 'me' }]);
    assert.equal((await authenticator.authenticate(request({ headers, method: 'OPTIONS' }))).refusal, undefined);
    assert.equal((await authenticator.authenticate(request({ headers }))).refusal?.status, 401);
  });

  it('refuses a token that is too long without reading it', async () => {
    assert.match((await bodyOf([{ issuer: 'me' }], bearer(`${token({ pad: 'x'.repeat(61_440) })}`))) ?? '', /not in the form/);
  });

  it('uses only the public half of a private key in a key set', async () => {
    const keys = JSON.stringify({ keys: [KEY.privateKey.export({ format: 'jwk' })] });
    assert.equal(await bodyOf([{ issuer: 'me', jwks: keys }], bearer(token({}))), undefined);
  });
});
