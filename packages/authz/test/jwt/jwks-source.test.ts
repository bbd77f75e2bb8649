import assert from 'node:assert/strict';
import { bearer, jwks, KEY, makeKey, request, setup, token } from '../support/tokens.ts';

const URI = 'http://keys.test/jwks';
const RULE = { issuer: 'me', jwksUri: URI };

/** A key server whose answer can be changed. */
function keyServer(body: string) {
  const server = { body, status: 200, down: false, asked: [] as string[] };
  const fetch = async (url: string): Promise<{ status: number; body: string }> => {
    server.asked.push(url);
    if (server.down) throw new Error('connection refused');
    return { status: server.status, body: server.body };
  };
  return { server, fetch };
}

describe('JwksSource', () => {
  it('fetches keys once for many requests', async () => {
    const { server, fetch } = keyServer(jwks(KEY));
    const { authenticator } = setup([RULE], fetch);
    const outcomes = await Promise.all(
      [1, 2, 3].map(async (n) => authenticator.authenticate(request({ headers: bearer(token({ n })) }))),
    );
    assert.ok(outcomes.every(({ refusal }) => refusal === undefined));
    assert.deepEqual(server.asked, [URI]);
  });

  it('keeps the keys while their server is gone, up to a maximum age', async () => {
    const { server, fetch } = keyServer(jwks(KEY));
    const { authenticator, clock } = setup([RULE], fetch, { refreshIntervalMs: 60_000, maxAgeMs: 3_600_000 });
    const ask = async (n: number): Promise<string | undefined> =>
      (await authenticator.authenticate(request({ headers: bearer(token({ n })) }))).refusal?.body;
    assert.equal(await ask(1), undefined);
    server.down = true;
    await clock.advanceAsync(3_599_000);
    assert.equal(await ask(2), undefined);
    await clock.advanceAsync(120_000);
    assert.equal(await ask(3), 'Jwt verification fails');
    assert.equal(await ask(1), 'Jwt verification fails');
  });

  it('takes new keys at its interval, and believes nothing by the old ones', async () => {
    const { server, fetch } = keyServer(jwks(KEY));
    const { authenticator, clock } = setup([RULE], fetch, { refreshIntervalMs: 1_000 });
    const asked = request({ headers: bearer(token({})) });
    assert.equal((await authenticator.authenticate(asked)).refusal, undefined);
    server.body = jwks(makeKey('two'));
    await clock.advanceAsync(2_000);
    assert.match((await authenticator.authenticate(asked)).refusal?.body ?? '', /key to match kid/);
  });

  it('asks at once for a key it does not know, once a cooldown', async () => {
    const { server, fetch } = keyServer(jwks(KEY));
    const two = makeKey('two');
    const { authenticator, clock } = setup([RULE], fetch);
    await authenticator.authenticate(request({ headers: bearer(token({})) }));
    server.body = jwks(KEY, two);
    await clock.advanceAsync(30_000);
    assert.equal((await authenticator.authenticate(request({ headers: bearer(token({}, { key: two })) }))).refusal, undefined);
    for (let n = 0; n < 50; n++)
      await authenticator.authenticate(request({ headers: bearer(token({ n }, { key: makeKey(`unknown-${n}`) })) }));
    assert.equal(server.asked.length, 2);
  });

  it('tries a server that is down again and again, less and less often', async () => {
    const { server, fetch } = keyServer(jwks(KEY));
    server.down = true;
    const { authenticator, clock } = setup([RULE], fetch);
    await clock.advanceAsync(60_000);
    assert.ok(server.asked.length >= 5 && server.asked.length <= 10, `${server.asked.length} times`);
    server.down = false;
    await clock.advanceAsync(30_000);
    assert.equal((await authenticator.authenticate(request({ headers: bearer(token({})) }))).refusal, undefined);
  });

  it('takes neither an error’s body nor an empty key set for keys', async () => {
    for (const [status, body] of [
      [503, jwks(KEY)],
      [302, jwks(KEY)],
      [200, '{"keys":[]}'],
      [200, 'no JSON'],
    ] as const) {
      const { server, fetch } = keyServer(body);
      server.status = status;
      const { authenticator } = setup([RULE], fetch);
      assert.equal(
        (await authenticator.authenticate(request({ headers: bearer(token({})) }))).refusal?.body,
        'Jwt verification fails',
      );
    }
  });

  it('finds the keys of an issuer by its OpenID document', async () => {
    const asked: string[] = [];
    const { authenticator } = setup([{ issuer: 'https://idp.test/', discover: true }], async (url) => {
      asked.push(url);
      return { status: 200, body: url.endsWith('configuration') ? JSON.stringify({ jwks_uri: URI }) : jwks(KEY) };
    });
    const outcome = await authenticator.authenticate(request({ headers: bearer(token({ iss: 'https://idp.test/' })) }));
    assert.equal(outcome.refusal, undefined);
    assert.deepEqual(asked, ['https://idp.test/.well-known/openid-configuration', URI]);
  });

  it('leaves no timer behind when it is stopped', async () => {
    const { fetch } = keyServer(jwks(KEY));
    const { store, clock } = setup([RULE], fetch);
    await clock.advanceAsync(1);
    assert.equal(clock.pending, 1);
    store.stop();
    assert.equal(clock.pending, 0);
  });
});
