import assert from 'node:assert/strict';
import { join } from 'node:path';
import { silentLogger } from '@lateen/core';
import { createMesh, type Mesh as RunningMesh } from 'lateen';
import { Mesh } from './support/mesh.ts';
import { virtualService } from './support/yaml.ts';

describe('lateen with a real process', () => {
  let mesh: Mesh;
  let running: RunningMesh;
  before(async () => {
    mesh = await Mesh.start();
    const { joinString } = await mesh.daemon.createToken({
      namespace: 'default',
      serviceAccount: 'reviews',
      services: ['reviews'],
    });
    await mesh.write('token', joinString);
    running = await createMesh({
      service: 'reviews',
      control: mesh.daemon.url,
      identity: { tokenFile: join(mesh.folder, 'token') },
      state: join(mesh.folder, 'reviews'),
      admin: 0,
      logger: silentLogger,
    });
    const server = running.createServer({ servicePort: 9080 }, (_request, response) => response.end('here'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await running.ready;
    await mesh.write('vs.yaml', virtualService('reviews', '    timeout: 2s\n'));
    assert.equal((await mesh.terminal.run('apply', '-f', 'vs.yaml')).code, 0);
    const statusOf = async (): Promise<number> => (await running.fetch('http://reviews:9080/')).status;
    while ((await statusOf().catch(() => 0)) !== 200) await new Promise((resolve) => setTimeout(resolve, 10));
  });
  after(async () => {
    await running.close();
    await mesh.close();
  });

  const views: readonly (readonly [string, RegExp])[] = [
    ['status', /^reviews-\w{6} +default +reviews +1 +SYNCED +in \d+m +127\.0\.0\.1:\d+$/m],
    ['check', /^(?:ok .*\n){6}$/],
    ['config all reviews', /^revision 1 \([0-9a-f]{16}\)\n\n.*\ndefault +VirtualService +reviews +vs\.yaml:1\n$/],
    [
      'config certs reviews',
      /^own +spiffe:\/\/cluster\.local\/ns\/default\/sa\/reviews +in \d+m +[0-9A-Fa-f]+\ntrusts cluster\.local +O=.*, CN=.* +in \d+y +[0-9A-F:]{95}$/m,
    ],
    ['config routes reviews', /^reviews\.default\.svc\.cluster\.local +9080 +\* +outbound\|9080\|\|reviews\.\S+ +vs\.yaml:8$/m],
    ['config clusters reviews', /^reviews\.default\.svc\.cluster\.local +9080 +- +1\/1 +0 +0 +PEAK_EWMA +-$/m],
    [
      'config endpoints reviews',
      /^127\.0\.0\.1:\d+ +reviews +HEALTHY +closed +mutual +0 +\d+\.\d +\d+\/\d+ +outbound\|9080\|\|reviews/m,
    ],
    ['explain http://reviews:9080/ --from reviews', /vs\.yaml[^]* picks 127\.0\.0\.1:\d+\n$/],
    ['explain http://nowhere.example/ --from reviews', /nowhere\.example/],
  ];
  for (const [line, want] of views) {
    it(`shows it as it is: ${line}`, async () => {
      const { code, out, err } = await mesh.terminal.run(...line.split(' '));
      assert.match(out, want);
      assert.deepEqual([code, err], [0, '']);
      assert.doesNotMatch(out, /undefined|NaN|\[object/);
    });
  }
});
