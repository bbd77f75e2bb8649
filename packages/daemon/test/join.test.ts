import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock, whenValue } from '@lateen/core';
import { MeshFolder, tokenFor } from './support/mesh-folder.ts';

describe('joining lateend', () => {
  let mesh: MeshFolder;
  beforeEach(async () => void (mesh = await MeshFolder.make()));
  afterEach(() => mesh.close());

  it('gives identity, labels and services of the token, and keeps them for the next start', async () => {
    const daemon = await mesh.startDaemon();
    const stateDir = join(mesh.path, 'reviews');
    const { joinString } = await daemon.createToken(tokenFor('reviews'));
    const client = mesh.connect(daemon.url, { token: joinString, stateDir });
    await client.ready;
    const svid = client.identity.svid.value;
    assert.equal(svid?.id, 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews');
    assert.deepEqual(svid?.services, ['reviews.default']);
    assert.equal(svid?.labels?.version, 'v1');
    assert.equal(svid?.labels?.workload, 'reviews-v1');
    assert.equal((await stat(stateDir)).mode & 0o777, 0o700);
    await client.close();

    const again = mesh.connect(daemon.url, { stateDir });
    await again.ready;
    assert.equal(again.identity.svid.value?.serial, svid?.serial);
  });

  it('refuses a used-up token, names its file and the mend, and joins when the file is replaced', async () => {
    const daemon = await mesh.startDaemon();
    const tokenFile = join(mesh.path, 'token');
    const { joinString } = await daemon.createToken(tokenFor('reviews'));
    await writeFile(tokenFile, joinString);
    const first = mesh.connect(daemon.url, { tokenFile });
    await first.ready;
    const second = mesh.connect(daemon.url, { tokenFile, instance: 'reviews-v1-000002' });
    const problem = await whenValue(second.problem, (value) => value?.includes('refused') === true);
    assert.ok(problem?.includes(tokenFile) && problem.includes(daemon.url), problem);
    assert.match(problem ?? '', /lateen ca token --service-account bookinfo-reviews .*--service reviews > /);
    await writeFile(tokenFile, (await daemon.createToken(tokenFor('reviews'))).joinString);
    await second.ready;
  });

  it('refuses a token for another service account than the process says it is', async () => {
    const daemon = await mesh.startDaemon();
    const { joinString } = await daemon.createToken(tokenFor('ratings'));
    const client = mesh.connect(daemon.url, { token: joinString });
    const problem = await whenValue(client.problem, (value) => value?.includes('bookinfo-ratings') === true);
    assert.match(
      problem ?? '',
      /is for spiffe:\/\/cluster\.local\/ns\/default\/sa\/bookinfo-ratings, and this process is default\/bookinfo-reviews/,
    );
    assert.equal(client.identity.svid.value, undefined);
  });

  it('sends no secret to a lateend whose root is not the pinned one', async () => {
    const daemon = await mesh.startDaemon();
    const other = await mesh.startDaemon({ stateDir: join(mesh.path, 'other') });
    const { joinString } = await daemon.createToken(tokenFor('reviews'));
    const client = mesh.connect(other.url, { token: joinString });
    const problem = await whenValue(client.problem, (value) => value?.includes('is not the lateend') === true);
    assert.ok(problem?.includes(other.url));
    const audit = await readFile(join(mesh.path, 'other', 'ca', 'audit.jsonl'), 'utf8');
    assert.doesNotMatch(audit, /join/);
  });

  it('boots while lateend is down, says so, and joins when it comes', async () => {
    const { url, port, close, createToken } = await mesh.startDaemon().then((daemon) => ({
      url: daemon.url,
      port: daemon.port,
      close: () => daemon.close(),
      createToken: () => daemon.createToken(tokenFor('reviews')),
    }));
    const { joinString } = await createToken();
    await close();
    const client = mesh.connect(url, { token: joinString });
    const problem = await whenValue(client.problem, (value) => value?.includes("can't be reached") === true);
    assert.match(problem ?? '', /ECONNREFUSED.*start lateend there/);
    await mesh.startDaemon({ port });
    await client.ready;
  });

  for (const [words, shiftMs] of [
    ['10m behind', -600_000],
    ['10m ahead of', 600_000],
  ] as const) {
    it(`says that the clock is ${words} lateend's, and joins once it is set`, async () => {
      const daemon = await mesh.startDaemon();
      const { joinString } = await daemon.createToken(tokenFor('reviews'));
      let skewMs: number = shiftMs;
      const clock = { ...systemClock, wallNow: () => systemClock.wallNow() + skewMs };
      const client = mesh.connect(daemon.url, { token: joinString, clock });
      const problem = await whenValue(client.problem, (value) => value?.includes('clock') === true);
      assert.ok(problem?.includes(`${words} lateend's`), problem);
      skewMs = 0;
      await client.ready;
    });
  }
});
