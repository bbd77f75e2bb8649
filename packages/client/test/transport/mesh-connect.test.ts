import assert from 'node:assert/strict';
import { Cell, constant, systemClock } from '@lateen/core';
import type { IdentitySource, Svid } from '@lateen/identity';
import { type TestAuthority, testAuthority } from '@lateen/identity/testing';
import { type Backend, openBackend } from '../support/backend.ts';
import { failure, soon } from '../support/failure.ts';
import { closeAll, closeLater, get, reviews, rule, type Setup, versioned } from '../support/setup.ts';

describe('meshConnect', () => {
  let authority: TestAuthority;
  let own: Cell<Svid | undefined>;

  beforeEach(() => {
    authority = testAuthority(systemClock.wallNow());
    own = new Cell<Svid | undefined>(authority.svid('productpage'));
  });
  afterEach(closeAll);

  async function meshReviews(server: Svid, yaml = ''): Promise<Setup & { backend: Backend }> {
    const setup = await reviews(0, { identity: authority.identity(own), yaml });
    const backend = await openBackend(undefined, server);
    closeLater(backend);
    setup.registry.setEndpoints('reviews', [versioned(backend.port, 'v1', { tls: 'mutual' })]);
    return { ...setup, backend };
  }

  it('speaks mTLS to the service that was called', async () => {
    const setup = await meshReviews(authority.svid('reviews'));
    assert.equal((await get(setup)).body, 'ok');
    assert.equal((await get(setup)).status, 200);
    assert.equal(setup.client.clusters()[0]!.endpoints[0]!.tls, 'mutual');
  });

  it('refuses a valid certificate of another service before a byte of the request is sent', async () => {
    const setup = await meshReviews(authority.svid('ratings'), rule('retries: { attempts: 0 }'));
    const error = await failure(get(setup, '/', { method: 'POST', body: 'secret' }));
    assert.deepEqual([error.code, error.flag], ['LATEEN_PEER_REFUSED', 'UF']);
    assert.equal(setup.backend.seen.length, 0);
    const refusal = setup.events.find(({ name }) => name === 'peer')?.event as { direction: string; reason: string };
    assert.deepEqual([refusal.direction, refusal.reason], ['outbound', 'unexpected_id']);
  });

  it('refuses certificates of a foreign authority', async () => {
    const setup = await meshReviews(testAuthority(systemClock.wallNow()).svid('reviews'), rule('retries: { attempts: 0 }'));
    assert.equal((await failure(get(setup))).code, 'LATEEN_PEER_REFUSED');
    assert.equal(setup.backend.seen.length, 0);
  });

  it('refuses an expired certificate', async () => {
    const past = systemClock.wallNow() - 1_000;
    const expired = authority.svid('reviews', { notAfter: past });
    const setup = await meshReviews(expired, rule('retries: { attempts: 0 }'));
    assert.equal((await failure(get(setup))).code, 'LATEEN_PEER_REFUSED');
  });

  it('fails with UH as long as there is no certificate, and says what it waits for', async () => {
    own.set(undefined);
    const identity: IdentitySource = { ...authority.identity(own), problem: constant('lateend does not answer') };
    const setup = await reviews(1, { identity });
    setup.registry.setEndpoints('reviews', [versioned(setup.backends[0]!.port, 'v1', { tls: 'mutual' })]);
    const error = await failure(get(setup));
    assert.deepEqual([error.code, error.flag, error.status], ['LATEEN_IDENTITY_MISSING', 'UH', 503]);
    assert.match(error.message, /lateend does not answer/);
  });

  it('never falls back to plaintext where the endpoint wants mTLS', async () => {
    const setup = await reviews(1);
    setup.registry.setEndpoints('reviews', [versioned(setup.backends[0]!.port, 'v1', { tls: 'mutual' })]);
    assert.equal((await failure(get(setup))).code, 'LATEEN_IDENTITY_MISSING');
    assert.equal(setup.backends[0]!.connections, 0);
  });

  it('uses a renewed certificate for the next connection, and drops nothing', async () => {
    const setup = await meshReviews(authority.svid('reviews'));
    const shown = new Set<string>();
    setup.backend.answer = (request, response) => {
      shown.add(
        (request.socket as unknown as { getPeerCertificate(): { serialNumber: string } }).getPeerCertificate().serialNumber,
      );
      response.setHeader('connection', 'close');
      response.end('ok');
    };
    await get(setup);
    own.set(authority.svid('productpage'));
    await soon();
    await get(setup);
    assert.equal(shown.size, 2);
  });

  it('leaves a connection at 80 % of the shorter certificate and cuts it at its end', async () => {
    const now = systemClock.wallNow();
    const setup = await meshReviews(authority.svid('reviews', { notAfter: Math.ceil((now + 2_000) / 1_000) * 1_000 }));
    let cut = 0;
    setup.backend.answer = (request, response) => {
      request.socket.once('close', () => cut++);
      if (request.url === '/long') response.write('begin');
      else response.end('ok');
    };
    const long = await setup.client.request('http://reviews:9080/long');
    assert.equal((await failure(long.body.text())).code, 'LATEEN_UPSTREAM_PROTOCOL');
    assert.ok(systemClock.wallNow() - now >= 1_900);
    await soon();
    assert.equal(cut, 1);
    assert.equal(setup.client.clusters()[0]!.endpoints[0]!.connections, 0);
  });
});
