import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { bearer, KEY, request, setup, token } from '../support/tokens.ts';

/** `LATEEN_FUZZ_RUNS=1000000` for the long run. */
const RUNS = Number(process.env['LATEEN_FUZZ_RUNS'] ?? 3_000);
const PUBLIC = createPublicKey({ key: KEY.jwk, format: 'jwk' });
const GOOD = token({ exp: 4_685_989_700 });

const oddJson = fc.oneof(
  fc.json(),
  fc.constantFrom('null', '[]', '{"__proto__":{"alg":"ES256"}}', '{"alg":"none"}', '{"alg":"ES256","crit":["b64"],"b64":false}'),
);
const section = fc.oneof(
  oddJson.map((text) => Buffer.from(text).toString('base64url')),
  fc.base64String(),
  fc.string(),
  fc.constantFrom(...GOOD.split('.')),
);
const composed = fc.array(section, { minLength: 1, maxLength: 4 }).map((sections) => sections.join('.'));
const mutated = fc
  .array(fc.tuple(fc.nat(GOOD.length), fc.constantFrom('replace', 'insert', 'remove'), fc.constantFrom(...'Aa0-_=.+/ \t"')), {
    minLength: 1,
    maxLength: 3,
  })
  .map((edits) =>
    edits.reduce(
      (text, [at, how, by]) => text.slice(0, at) + (how === 'remove' ? '' : by) + text.slice(how === 'insert' ? at : at + 1),
      GOOD,
    ),
  );
const written = fc
  .record({ exp: fc.anything(), aud: fc.anything(), sub: fc.anything(), iss: fc.anything() }, { requiredKeys: [] })
  .map((claims) => {
    try {
      return token(claims);
    } catch {
      return GOOD;
    }
  });

describe('RequestAuthenticator, given anything', () => {
  it('never throws, and believes only what node believes too', async function () {
    this.timeout(0);
    const { authenticator } = setup([{ issuer: 'me' }]);
    await fc.assert(
      fc.asyncProperty(fc.oneof(composed, mutated, written), async (text) => {
        const outcome = await authenticator.authenticate(request({ headers: bearer(text) }));
        if (outcome.refusal !== undefined) {
          assert.match(outcome.refusal.body, /^(Jwt|Jwks|Audiences) /);
          return;
        }
        if (outcome.claims === undefined) return assert.ok(!`Bearer ${text}`.trim().startsWith('Bearer '));
        const sent = text.slice(text.search(/[\w.-]/));
        const [header, payload, signature = ''] = sent.split('.');
        const key = { key: PUBLIC, dsaEncoding: 'ieee-p1363' as const };
        assert.ok(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url')), text);
      }),
      { numRuns: RUNS, seed: 31 },
    );
  });

  it('finds its way through any parameters and cookies', () => {
    const { authenticator } = setup([{ issuer: 'me', fromParams: ['t', '%'], fromCookies: ['c'] }]);
    const piece = fc.string({ unit: fc.constantFrom(...'tc%=&;?"\u00e9 7', '%74', 't=', 'c='), maxLength: 20 });
    fc.assert(
      fc.property(piece, piece, (query, cookie) => {
        const outcome = authenticator.authenticate(request({ path: `/?${query}`, headers: ['cookie', cookie] }));
        assert.ok(outcome instanceof Promise || outcome.refusal === undefined || outcome.refusal.status === 401);
      }),
      { numRuns: RUNS, seed: 32 },
    );
  });
});
