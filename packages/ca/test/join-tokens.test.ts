import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, readdirSync, rmSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createKeyAndRequest, parseJoinString } from '@lateen/identity';
import { alternativeNames, buildCertificateRequest, generateP256 } from '@lateen/identity/x509';
import { attest, joinString, openTestBench, peerOf, refusal, REVIEWS, REVIEWS_ID, type TestBench } from './open-authority.ts';

const requestFor = (...uris: readonly string[]): Buffer =>
  buildCertificateRequest(generateP256(), [alternativeNames({ uris }, true)]);

describe('CertificateAuthority.createToken', () => {
  let bench: TestBench;
  beforeEach(async () => {
    bench = await openTestBench();
  });
  afterEach(() => bench.close());

  it('gives a join string with the root’s pin', async () => {
    const token = await bench.authority.createToken(REVIEWS);
    assert.equal(parseJoinString(token.joinString)?.rootPin, bench.authority.rootPin);
    assert.deepEqual([token.id, token.notAfter], [REVIEWS_ID, bench.clock.wallNow() + 600_000]);
  });

  it('writes the secret nowhere', async () => {
    const joining = await joinString(bench);
    await attest(bench, joining);
    const secret = parseJoinString(joining)?.secret as string;
    for (const file of readdirSync(bench.stateDir)) {
      assert.ok(!readFileSync(join(bench.stateDir, file), 'utf8').includes(secret), file);
    }
  });

  it('grants the services to the ID, and remembers it', async () => {
    const told: number[] = [];
    bench.authority.grants.subscribe((grants) => told.push(grants.size));
    await bench.authority.createToken(REVIEWS);
    await bench.authority.createToken({ ...REVIEWS, serviceAccount: 'other', services: ['reviews', 'ratings.prod'] });
    const expected = new Map([
      ['reviews.default', [REVIEWS_ID, 'spiffe://cluster.local/ns/default/sa/other']],
      ['ratings.prod', ['spiffe://cluster.local/ns/default/sa/other']],
    ]);
    assert.deepEqual(bench.authority.grants.value, expected);
    assert.deepEqual(told, [1, 2]);
    assert.deepEqual((await bench.reopen()).grants.value, expected);
  });

  for (const ttlMs of [0, -1, Number.NaN, 24 * 3_600_000 + 1]) {
    it(`refuses a life of ${ttlMs} ms`, async () => {
      await assert.rejects(joinString(bench, { ttlMs }), refusal('bad_request', 400));
    });
  }
});

describe('CertificateAuthority.attest', () => {
  let bench: TestBench;
  let joining: string;
  beforeEach(async () => {
    bench = await openTestBench();
    joining = await joinString(bench);
  });
  afterEach(() => bench.close());

  it('gives what the token says, to a CSR with that ID or none', async () => {
    const peer = peerOf(bench, await attest(bench, joining, requestFor(REVIEWS_ID)));
    assert.equal(peer.principal.id, REVIEWS_ID);
    assert.deepEqual(peer.principal.labels, { app: 'reviews', version: 'v2', workload: 'reviews-v2' });
    assert.deepEqual(peer.services, ['reviews.default']);
  });

  it('takes the secret alone, too', async () => {
    assert.equal((await attest(bench, parseJoinString(joining)?.secret)).id, REVIEWS_ID);
  });

  const names = (parts: Parameters<typeof alternativeNames>[0]) =>
    buildCertificateRequest(generateP256(), [alternativeNames(parts, true)]);
  const refused: Record<string, readonly [() => Uint8Array, 'forbidden' | 'bad_csr', number]> = {
    'another identity': [() => requestFor(`${REVIEWS_ID}2`), 'forbidden', 403],
    'two identities': [() => requestFor(REVIEWS_ID, `${REVIEWS_ID}2`), 'forbidden', 403],
    'the same identity twice': [() => requestFor(REVIEWS_ID, REVIEWS_ID), 'forbidden', 403],
    'a DNS name': [() => names({ uris: [REVIEWS_ID], dnsNames: ['reviews'] }), 'forbidden', 403],
    'an address': [() => names({ uris: [REVIEWS_ID], ipAddresses: [Buffer.from([127, 0, 0, 1])] }), 'forbidden', 403],
    'a CSR of nonsense': [() => Buffer.from('nonsense'), 'bad_csr', 400],
    'no CSR': [() => undefined as unknown as Uint8Array, 'bad_csr', 400],
  };
  for (const [what, [make, code, status]] of Object.entries(refused)) {
    it(`refuses ${what}, and the token stays good`, async () => {
      await assert.rejects(bench.authority.attest({ joinSecret: joining, csrDer: make(), source: 'x' }), refusal(code, status));
      await attest(bench, joining);
    });
  }

  for (const secret of [
    undefined,
    null,
    7,
    {},
    [],
    { toString: () => joining },
    '',
    'x'.repeat(43),
    'ltj1..',
    'x'.repeat(100_000),
  ]) {
    it(`refuses the credential ${JSON.stringify(secret)?.slice(0, 40)}`, async () => {
      await assert.rejects(attest(bench, secret), refusal('unauthenticated', 401));
    });
  }

  it('says the same outwards whatever is wrong with the credential', async () => {
    const messages = await Promise.all(
      [attest(bench, 'x'.repeat(43)), attest(bench, {})].map((each) => each.catch((error: Error) => error.message)),
    );
    assert.equal(new Set(messages).size, 1);
  });

  it('refuses an expired token', async () => {
    bench.clock.advance(600_000);
    await assert.rejects(attest(bench, joining), refusal('unauthenticated', 401));
  });

  it('gives the same answer again to the same key: the first may have been lost', async () => {
    const { csrDer } = createKeyAndRequest();
    const first = await attest(bench, joining, csrDer);
    assert.deepEqual(await attest(bench, joining, csrDer), first);
    await bench.reopen();
    assert.deepEqual(await attest(bench, joining, csrDer), first);
  });

  it('refuses another key, raises an alarm, and remembers after a restart', async () => {
    await attest(bench, joining);
    await assert.rejects(attest(bench, joining), refusal('unauthenticated', 401));
    assert.match(bench.warnings[0] ?? '', /may have been stolen/);
    assert.match(readFileSync(join(bench.stateDir, 'audit.jsonl'), 'utf8'), /"event":"join_token_replayed"/);
    await bench.reopen();
    await assert.rejects(attest(bench, joining), refusal('unauthenticated', 401));
  });

  it('lets exactly one of five racing keys win', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => attest(bench, joining)));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  it('gives racing requests of one key the same certificate', async () => {
    const { csrDer } = createKeyAndRequest();
    const replies = await Promise.all(Array.from({ length: 5 }, () => attest(bench, joining, csrDer)));
    assert.equal(new Set(replies.map(({ serial }) => serial)).size, 1);
  });

  it('takes any number of keys for a reusable token, until it ends', async () => {
    const reusable = await joinString(bench, { reusable: true, ttlMs: 60_000 });
    const serials = [await attest(bench, reusable), await attest(bench, reusable)].map(({ serial }) => serial);
    assert.notEqual(serials[0], serials[1]);
    bench.clock.advance(60_000);
    await assert.rejects(attest(bench, reusable), refusal('unauthenticated', 401));
  });

  it('slows guessing down, per address', async () => {
    await bench.reopen({ joinLimit: { burst: 3, perSecond: 1 } });
    for (let guess = 0; guess < 3; guess++) await assert.rejects(attest(bench, 'guess'), refusal('unauthenticated', 401));
    await assert.rejects(attest(bench, joining), refusal('rate_limited', 429));
    const { csrDer } = createKeyAndRequest();
    await bench.authority.attest({ joinSecret: joining, csrDer, source: '10.0.0.1' });
  });

  it('goes by the monotonic clock for limits', async () => {
    await bench.reopen({ joinLimit: { burst: 1, perSecond: 1 } });
    await assert.rejects(attest(bench, 'guess'), refusal('unauthenticated', 401));
    bench.clock.shiftWall(3_600_000);
    await assert.rejects(attest(bench, 'guess'), refusal('rate_limited', 429));
  });

  it('issues nothing when the token’s use can’t be written, and is well again afterwards', async () => {
    const path = join(bench.stateDir, 'join-tokens.json');
    const saved = readFileSync(path);
    rmSync(path);
    mkdirSync(path);
    appendFileSync(join(path, 'in-the-way'), '');
    await assert.rejects(attest(bench, joining), refusal('unavailable', 503));
    rmSync(path, { recursive: true });
    appendFileSync(path, saved, { mode: 0o600 });
    await attest(bench, joining);
  });
});
