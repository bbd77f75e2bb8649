import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AdminClient, ConfigRefusedError, openAdmin } from '@lateen/control';
import { isLateenError, systemClock, whenValue } from '@lateen/core';
import { instanceOf, MeshFolder, register, tokenFor } from './support/mesh-folder.ts';

const virtualService = (name: string, host: string, extra = ''): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
spec:
  hosts:
    - ${host}
  http:
    - route:
        - destination:
            host: ${host}
${extra}`;
const file = (text: string) => [{ file: 'mesh/reviews.yaml', text }];

describe("lateend's configuration", () => {
  let mesh: MeshFolder;
  let admins: AdminClient[];
  const admin = async (): Promise<AdminClient> => {
    const client = await openAdmin({ stateDir: mesh.state, clock: systemClock });
    admins.push(client);
    return client;
  };
  beforeEach(async () => {
    mesh = await MeshFolder.make();
    admins = [];
  });
  afterEach(async () => {
    for (const client of admins) client.close();
    await mesh.close();
  });

  it('is in force in every process when apply returns', async () => {
    const daemon = await mesh.startDaemon();
    const reviews = await mesh.join(daemon, 'reviews', '1');
    const productpage = await mesh.join(daemon, 'productpage', '1');
    await register(reviews, instanceOf('reviews', '1'));
    const lateend = await admin();
    const reply = await lateend.apply(file(virtualService('reviews', 'reviews')), { author: 'me' });
    assert.deepEqual(
      [reply.revision, reply.changes, reply.laggards],
      [1, [{ action: 'created', kind: 'VirtualService', namespace: 'default', name: 'reviews' }], []],
    );
    assert.deepEqual([...reply.acknowledged].sort(), ['productpage-v1-1', 'reviews-v1-1']);
    for (const client of [reviews, productpage]) {
      assert.deepEqual([client.revision.value.number, client.revision.value.hash], [1, reply.hash]);
      assert.equal(client.revision.value.resources[0]?.origin.file, 'mesh/reviews.yaml');
    }
    assert.equal((await lateend.history())[0]?.author, 'me');
  });

  it('tells what changed, changes nothing twice, and takes resources out again', async () => {
    await mesh.startDaemon();
    const lateend = await admin();
    await lateend.apply(file(`${virtualService('a', 'reviews')}---\n${virtualService('b', 'ratings')}`));
    const second = await lateend.apply(
      file(`${virtualService('a', 'reviews')}---\n${virtualService('b', 'ratings', '      timeout: 2s\n')}`),
    );
    assert.deepEqual(
      second.changes.map(({ name, action }) => `${name} ${action}`),
      ['a unchanged', 'b configured'],
    );
    assert.equal(second.revision, 2);
    assert.equal((await lateend.apply(file(virtualService('a', 'reviews')))).revision, 2);
    const removed = await lateend.remove([{ kind: 'VirtualService', namespace: 'default', name: 'a' }]);
    assert.deepEqual([removed.revision, removed.changes[0]?.action], [3, 'deleted']);
    const { revision, texts } = await lateend.revision();
    assert.deepEqual(
      revision.resources.map(({ metadata }) => metadata.name),
      ['b'],
    );
    assert.deepEqual(Object.values(texts), [virtualService('b', 'ratings', '      timeout: 2s\n')]);
    assert.equal((await lateend.revision(1)).revision.resources.length, 2);
    assert.deepEqual(
      (await lateend.history()).map(({ number }) => number),
      [3, 2, 1],
    );
  });

  it('tells a hint with the change that brings it, and not with the next', async () => {
    await mesh.startDaemon();
    const lateend = await admin();
    const fault = '      fault: {abort: {percentage: {value: 1}, httpStatus: 500}}\n';
    const codes = async (text: string) => (await lateend.apply(file(text))).findings.map(({ code }) => code);
    assert.deepEqual(await codes(virtualService('reviews', 'reviews', fault)), ['LTN0109']);
    assert.deepEqual(await codes(virtualService('details', 'details')), []);
  });

  it('refuses all of it when one resource is bad, with place and findings', async () => {
    await mesh.startDaemon();
    const lateend = await admin();
    const applied = lateend.apply([
      ...file(virtualService('a', 'reviews')),
      { file: 'mesh/bad.yaml', text: 'apiVersion: v1\nspec: {}\n' },
    ]);
    await assert.rejects(applied, (error) => {
      assert.ok(error instanceof ConfigRefusedError);
      assert.match(error.message, /^nothing was applied, revision 0 stays: mesh\/bad\.yaml/);
      assert.ok(error.findings.some(({ level, reference }) => level === 'Error' && reference.startsWith('mesh/bad.yaml')));
      return true;
    });
    assert.equal((await lateend.revision()).revision.number, 0);
  });

  it('takes no Secrets, which every process would get', async () => {
    await mesh.startDaemon();
    const lateend = await admin();
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: cert}\nstringData: {tls.key: hush}';
    await assert.rejects(lateend.apply(file(`${virtualService('reviews', 'reviews')}---\n${secret}`)), (error) => {
      assert.ok(error instanceof ConfigRefusedError);
      assert.match(error.message, /mesh\/reviews\.yaml:\d+: a Secret would go to every process/);
      assert.doesNotMatch(JSON.stringify(error.findings), /hush/);
      return true;
    });
    assert.deepEqual(await lateend.history(), []);
  });

  it('refuses a change of another revision than the current one', async () => {
    await mesh.startDaemon();
    const lateend = await admin();
    await lateend.apply(file(virtualService('a', 'reviews')), { expectedRevision: 0 });
    const late = lateend.apply(file(virtualService('b', 'ratings')), { expectedRevision: 0 });
    await assert.rejects(late, (error) => isLateenError(error) && /revision 1 is in force, 0 was expected/.test(error.message));
  });

  it('names the processes that refuse a revision or do not answer', async () => {
    const daemon = await mesh.startDaemon();
    const reviews = await mesh.join(daemon, 'reviews', '1');
    const productpage = await mesh.join(daemon, 'productpage', '1');
    await mesh.join(daemon, 'ratings', '1', { followConfig: false });
    reviews.revision.subscribe((revision) => reviews.refuseRevision(revision, 'the regex does not compile'));
    productpage.revision.subscribe(() => {
      throw new Error('no such subset');
    });
    const reply = await (await admin()).apply(file(virtualService('a', 'reviews')));
    assert.deepEqual(reply.acknowledged, []);
    assert.deepEqual(
      [...reply.laggards].sort((a, b) => (a.instance < b.instance ? -1 : 1)),
      [
        { instance: 'productpage-v1-1', reason: 'refused it: no such subset' },
        { instance: 'reviews-v1-1', reason: 'refused it: the regex does not compile' },
      ],
    );
    const { processes } = await (await admin()).status();
    assert.equal(processes.find(({ instance }) => instance === 'reviews-v1-1')?.error, 'the regex does not compile');
  });

  it('survives a restart, and a later start does not seed again', async () => {
    const seed = join(mesh.path, 'seed.yaml');
    await writeFile(seed, virtualService('seeded', 'reviews'));
    const daemon = await mesh.startDaemon({ configDir: seed });
    const reviews = await mesh.join(daemon, 'reviews', '1');
    assert.equal(reviews.revision.value.number, 1);
    const { hash } = await (await admin()).apply(file(virtualService('seeded', 'reviews', '      timeout: 1s\n')));
    await daemon.close();
    const again = await mesh.startDaemon({ port: daemon.port, configDir: seed });
    assert.equal(again.revision, 2);
    await whenValue(reviews.registry.staleSince, (since) => since === 0);
    assert.equal(reviews.revision.value.hash, hash);
    const reply = await (await admin()).apply(file(virtualService('seeded', 'reviews', '      timeout: 2s\n')));
    assert.deepEqual([reply.revision, reply.acknowledged], [3, ['reviews-v1-1']]);
  });

  it('tells of hosts that nobody serves, once services are known, and takes rules that come before their service', async () => {
    const daemon = await mesh.startDaemon();
    const lateend = await admin();
    assert.deepEqual((await lateend.apply(file(virtualService('early', 'details')))).findings, []);
    await daemon.createToken(tokenFor('reviews'));
    const { revision, findings } = await lateend.apply(file(virtualService('reviews', 'reviews')));
    assert.equal(revision, 2);
    assert.deepEqual(
      findings.map(({ origin, code }) => `${origin} ${code}`),
      ['VirtualService default/early IST0101'],
    );
  });

  it('is for the administrator only', async () => {
    const daemon = await mesh.startDaemon();
    await assert.rejects(
      daemon.createToken({ namespace: 'lateen-system', serviceAccount: 'admin', services: [] }),
      /no tokens are made for the namespace lateen-system/,
    );
    const lateend = await admin();
    await daemon.close();
    await assert.rejects(
      lateend.status(),
      (error) => isLateenError(error) && error.code === 'LATEEN_CONTROL_UNREACHABLE' && error.message.includes(daemon.url),
    );
  });
});
