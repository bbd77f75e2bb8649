import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { instanceOf, MeshFolder, register } from './support/mesh-folder.ts';

function postOn(socketPath: string, path: string, body: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method: 'POST', path, headers: { 'content-type': 'application/json' } });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(`${response.statusCode} ${text}`));
    });
    sent.end(JSON.stringify(body));
  });
}

describe("lateend's local doors", () => {
  let mesh: MeshFolder;
  beforeEach(async () => void (mesh = await MeshFolder.make()));
  afterEach(() => mesh.close());

  it("gives tokens on the socket to whoever may open it, and no member's calls", async () => {
    await mesh.startDaemon();
    const socket = join(mesh.state, 'admin.sock');
    assert.equal((await stat(socket)).mode & 0o077, 0);
    const body = { namespace: 'default', serviceAccount: 'bookinfo-reviews', services: ['reviews'] };
    assert.match(await postOn(socket, '/v1/admin/join-tokens', body), /^200 \{"joinString":"ltj1\./);
    assert.match(
      await postOn(socket, '/v1/admin/join-tokens', { ...body, services: ['Not a name'] }),
      /^400 .*is no service name/,
    );
    assert.match(await postOn(socket, '/v1/admin/join-tokens', { ...body, namespace: 'lateen-system' }), /^403 /);
    assert.match(await postOn(socket, '/v1/ack', {}), /^404 /);
  });

  it('answers probes and Prometheus in plaintext, and nothing that changes anything', async () => {
    const daemon = await mesh.startDaemon({ adminPort: 0 });
    const reviews = await mesh.join(daemon, 'reviews', '1', { adminAddress: () => '127.0.0.1:15021' });
    await mesh.join(daemon, 'ratings', '1', { adminAddress: () => '' });
    await register(reviews, instanceOf('reviews', '1', { admin: '127.0.0.1:15021' }));
    const origin = `http://127.0.0.1:${daemon.adminPort}`;
    assert.equal((await fetch(`${origin}/healthz`)).status, 200);
    assert.equal((await fetch(`${origin}/readyz`)).status, 200);
    const metrics = await (await fetch(`${origin}/stats/prometheus`)).text();
    assert.match(metrics, /^# TYPE lateend_connected_processes gauge\nlateend_connected_processes 2$/m);
    assert.match(metrics, /^lateend_registered_instances 1$/m);
    const targets = (await (await fetch(`${origin}/v1/prometheus/targets`)).json()) as { targets: string[]; labels: object }[];
    assert.deepEqual(targets, [
      {
        targets: ['127.0.0.1:15021'],
        labels: {
          app: 'reviews',
          namespace: 'default',
          workload: 'reviews-v1',
          lateen_instance: 'reviews-v1-1',
          __metrics_path__: '/stats/prometheus',
        },
      },
      { targets: [new URL(origin).host], labels: { app: 'lateend', __metrics_path__: '/stats/prometheus' } },
    ]);
    for (const path of ['/v1/admin/join-tokens', '/v1/config/apply', '/v1/svid']) {
      assert.equal((await fetch(origin + path, { method: 'POST', body: '{}' })).status, 404);
    }
  });
});
