import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@lateen/core';
import { authorityPin, createKeyAndRequest, createSvid } from '@lateen/identity';
import { hasOpenssl } from '../../identity/test/openssl.ts';
import { CertificateAuthority } from '../src/index.ts';
import { attest, joinString, openTestBench, peerOf, refusal, REVIEWS, REVIEWS_ID, type TestBench } from './open-authority.ts';

const HOUR = 3_600_000;

describe('CertificateAuthority.open', () => {
  let bench: TestBench;
  beforeEach(async () => {
    bench = await openTestBench();
  });
  afterEach(() => bench.close());

  it('makes a root and an intermediate, and is the same authority after a restart', async () => {
    const { rootPin, bundle } = bench.authority;
    assert.equal(bundle.value.authorities.length, 2);
    const again = await bench.reopen();
    assert.equal(again.rootPin, rootPin);
    assert.deepEqual(again.bundle.value.authorities.map(authorityPin), bundle.value.authorities.map(authorityPin));
  });

  it('keeps everything to its owner', () => {
    assert.equal(statSync(bench.stateDir).mode & 0o777, 0o700);
    for (const file of readdirSync(bench.stateDir)) assert.equal(statSync(join(bench.stateDir, file)).mode & 0o777, 0o600, file);
  });

  it('does not keep the root’s key beside the intermediate’s', () => {
    const authority = readFileSync(join(bench.stateDir, 'authority.json'), 'utf8');
    assert.equal(authority.match(/BEGIN PRIVATE KEY/g)?.length, 1);
    const rootKeys = readdirSync(bench.stateDir).filter((file) => file.startsWith('root-key-'));
    assert.deepEqual(rootKeys, [`root-key-${bench.authority.rootPin.slice(0, 16)}.pem`]);
  });

  it('refuses keys that others can read', async () => {
    await bench.authority.close();
    chmodSync(join(bench.stateDir, 'authority.json'), 0o644);
    await assert.rejects(bench.reopen(), { code: 'LATEEN_STATE_PERMISSIONS', message: /authority\.json.*chmod 600/ });
  });

  it('refuses the state of another trust domain', async () => {
    await assert.rejects(bench.reopen({ trustDomain: 'elsewhere' }), {
      code: 'LATEEN_BAD_OPTION',
      message: /belongs to the trust domain cluster\.local/,
    });
  });

  for (const [file, text] of [
    ['authority.json', '{'],
    ['authority.json', '{}'],
    ['join-tokens.json', '[]'],
    ['grants.json', 'null'],
    ['audit.jsonl', '{"nonsense":1}\n'],
  ] as const) {
    it(`refuses ${file} with ${JSON.stringify(text)} in it, naming it`, async () => {
      await bench.authority.close();
      writeFileSync(join(bench.stateDir, file), text, { mode: 0o600 });
      await assert.rejects(bench.reopen(), { code: 'LATEEN_STATE_CORRUPT', message: new RegExp(file) });
    });
  }

  it('refuses a lifetime outside its own bounds', async () => {
    await assert.rejects(bench.reopen({ leafTtlMs: 60_000 }), { code: 'LATEEN_BAD_OPTION' });
    await bench.reopen({ leafTtlMs: 30_000, minTtlMs: 10_000 });
  });

  it('makes one authority when two processes start at once', async () => {
    const stateDir = join(bench.stateDir, 'both');
    mkdirSync(stateDir, { mode: 0o700 });
    const options = { stateDir, trustDomain: 'cluster.local', clock: systemClock, logger: silentLogger };
    const both = await Promise.all([CertificateAuthority.open(options), CertificateAuthority.open(options)]);
    assert.equal(both[0]?.rootPin, both[1]?.rootPin);
    assert.equal(readdirSync(stateDir).filter((file) => file.startsWith('root-key-')).length, 1);
    for (const authority of both) await authority.close();
  });
});

describe('CertificateAuthority.issue', () => {
  let bench: TestBench;
  beforeEach(async () => {
    bench = await openTestBench();
  });
  afterEach(() => bench.close());

  const issue = (ttlMs?: number, csrDer = createKeyAndRequest().csrDer) =>
    bench.authority.issue({ csrDer, identity: REVIEWS, ...(ttlMs === undefined ? {} : { ttlMs }) });

  it('gives identity, labels and services as told, for an hour', async () => {
    const request = createKeyAndRequest(REVIEWS_ID);
    const issued = await issue(undefined, request.csrDer);
    const svid = createSvid({
      certificatePem: issued.certificatePem + issued.chainPem.join(''),
      privateKeyPem: request.privateKeyPem,
      receivedAt: bench.clock.wallNow(),
    });
    assert.equal(svid.id, REVIEWS_ID);
    assert.deepEqual(svid.labels, { app: 'reviews', version: 'v2', workload: 'reviews-v2' });
    assert.deepEqual(svid.services, ['reviews.default']);
    assert.equal(svid.notAfter, bench.clock.wallNow() + HOUR);
    assert.equal(svid.notBefore, bench.clock.wallNow() - 30_000);
    assert.deepEqual([issued.id, issued.notAfter, issued.serial], [svid.id, svid.notAfter, svid.serial]);
  });

  it('gives certificates that checkPeer takes by the bundle alone', async () => {
    assert.equal(peerOf(bench, await issue()).principal.id, REVIEWS_ID);
  });

  it('backdates a short certificate by no more than its life', async () => {
    await bench.reopen({ leafTtlMs: 10_000, minTtlMs: 1000 });
    const request = createKeyAndRequest();
    const { certificatePem } = await issue(10_000, request.csrDer);
    const { notBefore } = createSvid({ certificatePem, privateKeyPem: request.privateKeyPem, receivedAt: 0 });
    assert.equal(notBefore, bench.clock.wallNow() - 10_000);
  });

  it('keeps lifetimes within bounds', async () => {
    const lifeOf = async (ttlMs: number) => (await issue(ttlMs)).notAfter - bench.clock.wallNow();
    assert.deepEqual(
      [await lifeOf(1000), await lifeOf(2 * HOUR), await lifeOf(10 * 365 * 24 * HOUR)],
      [300_000, 2 * HOUR, 24 * HOUR],
    );
  });

  it('never outlives its signer, says so in time, and then refuses', async () => {
    assert.equal(bench.authority.problem(), undefined);
    const signerEnd = bench.authority.bundle.value.authorities[1]?.validToDate.getTime() as number;
    bench.clock.shiftWall(signerEnd - bench.clock.wallNow() - HOUR / 2);
    assert.match(bench.authority.problem() ?? '', /the signing authority ends at/);
    assert.equal((await issue()).notAfter, signerEnd);
    bench.clock.shiftWall(HOUR / 2 - 60_000);
    await assert.rejects(issue(), refusal('unavailable', 503));
  });

  it('refuses while the clock is before its own beginning', async () => {
    bench.clock.shiftWall(-48 * HOUR);
    assert.match(bench.authority.problem() ?? '', /the clock is before/);
    await assert.rejects(issue(), refusal('unavailable', 503));
  });

  const bad = {
    'a namespace with a slash': { ...REVIEWS, namespace: 'a/b' },
    'a service account of dots': { ...REVIEWS, serviceAccount: '..' },
    'a service with an upper-case letter': { ...REVIEWS, services: ['Reviews'] },
    'a service with three parts': { ...REVIEWS, services: ['a.b.c'] },
    'a label with a newline': { ...REVIEWS, labels: { version: 'v1\n' } },
    'a label with a strange name': { ...REVIEWS, labels: { 'a b': 'x' } },
    'too many services': { ...REVIEWS, services: Array.from({ length: 500 }, (_, index) => `service-${index}`) },
  };
  for (const [what, identity] of Object.entries(bad)) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(
        bench.authority.issue({ csrDer: createKeyAndRequest().csrDer, identity }),
        refusal('bad_request', 400),
      );
    });
  }

  it('makes a chain that openssl verifies strictly', async function () {
    if (!hasOpenssl()) this.skip();
    const { certificatePem, chainPem } = await issue();
    const { rootPem } = JSON.parse(readFileSync(join(bench.stateDir, 'authority.json'), 'utf8'));
    const files = { leaf: certificatePem, chain: chainPem.join(''), root: rootPem };
    const folder = join(bench.stateDir, 'pem');
    mkdirSync(folder);
    for (const [name, pem] of Object.entries(files)) writeFileSync(join(folder, name), pem);
    const at = String(Math.floor(bench.clock.wallNow() / 1000));
    const args = ['verify', '-x509_strict', '-attime', at, '-purpose', 'sslserver', '-CAfile', join(folder, 'root')];
    const output = execFileSync('openssl', [...args, '-untrusted', join(folder, 'chain'), join(folder, 'leaf')]).toString();
    assert.match(output, /leaf: OK/);
    rmSync(folder, { recursive: true });
  });
});

describe('CertificateAuthority.renew', () => {
  let bench: TestBench;
  beforeEach(async () => {
    bench = await openTestBench();
  });
  afterEach(() => bench.close());

  const renew = (
    peer: Parameters<CertificateAuthority['renew']>[0]['peer'],
    csrDer = createKeyAndRequest().csrDer,
    ttlMs?: unknown,
  ) => bench.authority.renew({ peer, csrDer, ttlMs });
  const joined = async (csrDer?: Buffer) => peerOf(bench, await attest(bench, await joinString(bench), csrDer));

  it('gives the same identity, labels and services for a new key', async () => {
    const peer = await joined();
    bench.clock.advance(HOUR / 2);
    const renewed = peerOf(bench, await renew(peer));
    assert.deepEqual(
      [renewed.principal.id, renewed.principal.labels, renewed.services],
      [peer.principal.id, peer.principal.labels, peer.services],
    );
    assert.notEqual(renewed.serial, peer.serial);
    assert.equal(renewed.principal.notAfter, bench.clock.wallNow() + HOUR);
  });

  it('refuses without a certificate', async () => {
    await assert.rejects(renew(undefined), refusal('unauthenticated', 401));
  });

  it('refuses with one that has ended', async () => {
    const peer = await joined();
    bench.clock.advance(2 * HOUR);
    await assert.rejects(renew(peer), refusal('unauthenticated', 401));
  });

  it('refuses the same key', async () => {
    const { csrDer } = createKeyAndRequest();
    const peer = await joined(csrDer);
    await assert.rejects(renew(peer, csrDer), refusal('key_reused', 400));
  });

  it('refuses another identity', async () => {
    const peer = await joined();
    await assert.rejects(renew(peer, createKeyAndRequest(`${REVIEWS_ID}2`).csrDer), refusal('forbidden', 403));
  });

  it('refuses a peer of a federated trust domain', async () => {
    const peer = await joined();
    await assert.rejects(
      renew({ ...peer, principal: { ...peer.principal, trustDomain: 'elsewhere' } }),
      refusal('forbidden', 403),
    );
  });

  it('refuses a burst, and recovers', async () => {
    await bench.reopen({ renewLimit: { burst: 2, perSecond: 1 } });
    const peer = await joined();
    await renew(peer);
    await renew(peer);
    await assert.rejects(renew(peer), refusal('rate_limited', 429));
    bench.clock.advance(1000);
    await renew(peer);
  });

  for (const ttlMs of [-1, 0, Number.NaN, '1h', null, {}]) {
    it(`refuses a lifetime of ${JSON.stringify(ttlMs)} (${typeof ttlMs})`, async () => {
      await assert.rejects(renew(await joined(), undefined, ttlMs), refusal('bad_request', 400));
    });
  }
});
