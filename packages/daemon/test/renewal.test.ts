import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { whenValue } from '@lateen/core';
import type { Svid } from '@lateen/identity';
import { instanceOf, MeshFolder, register, tokenFor } from './support/mesh-folder.ts';

const publicKey = (svid: Svid): string =>
  new X509Certificate(svid.certificatePem).publicKey.export({ format: 'pem', type: 'spki' }).toString();

describe('renewing a certificate', () => {
  let mesh: MeshFolder;
  beforeEach(async () => void (mesh = await MeshFolder.make()));
  afterEach(() => mesh.close());

  it('takes a new key each time, loses no stream, and keeps the newest in the state', async () => {
    const daemon = await mesh.startDaemon({ leafTtlMs: 1_500, minTtlMs: 1_000 });
    const stateDir = join(mesh.path, 'reviews');
    const reviews = await mesh.join(daemon, 'reviews', '1', { stateDir });
    await register(reviews, instanceOf('reviews', '1'));
    const lost: boolean[] = [];
    reviews.connected.subscribe((connected) => lost.push(!connected));
    const svids = [reviews.identity.svid.value as Svid];
    await new Promise<void>((renewedTwice) => {
      reviews.identity.svid.subscribe((svid) => {
        svids.push(svid as Svid);
        if (svids.length === 3) renewedTwice();
      });
    });
    assert.equal(new Set(svids.map(publicKey)).size, 3);
    assert.equal(new Set(svids.map(({ serial }) => serial)).size, 3);
    assert.deepEqual(new Set(svids.map(({ id }) => id)).size, 1);
    assert.deepEqual(lost, []);
    assert.deepEqual(svids[2]?.labels, svids[0]?.labels);
    await reviews.close();
    const again = mesh.connect(daemon.url, { stateDir });
    await again.ready;
    assert.ok(svids.every(({ serial }) => serial === svids[2]?.serial || serial !== again.identity.svid.value?.serial));
  });

  it('says so when it could not be renewed in time, and joins anew with a token that still holds', async () => {
    const options = { leafTtlMs: 1_000, minTtlMs: 500 };
    const daemon = await mesh.startDaemon(options);
    const { joinString } = await daemon.createToken({ ...tokenFor('reviews'), reusable: true });
    const reviews = mesh.connect(daemon.url, { token: joinString });
    await reviews.ready;
    await daemon.close();
    const problem = await whenValue(reviews.problem, (value) => value?.includes('expired') === true);
    assert.match(problem ?? '', /was not renewed: lateend at .* can't be reached/);
    await mesh.startDaemon({ ...options, port: daemon.port });
    await whenValue(reviews.problem, (value) => value === undefined);
    assert.ok((reviews.identity.svid.value?.notAfter ?? 0) > Date.now());
    await whenValue(reviews.connected, (connected) => connected);
  });
});
