import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { whenValue } from '@lateen/core';
import { clientTlsOptions, type Svid } from '@lateen/identity';
import type { Daemon } from '../src/index.ts';
import { instanceOf, MeshFolder, tokenFor } from './support/mesh-folder.ts';

interface Sent {
  readonly method?: string;
  readonly svid?: Svid;
  readonly body?: string;
  readonly type?: string;
}

function ask(daemon: Daemon, path: string, { method = 'GET', svid, body, type = 'application/json' }: Sent = {}) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const tls = svid ? clientTlsOptions(svid, ['http/1.1']) : { rejectUnauthorized: false };
    const headers = body === undefined ? {} : { 'content-type': type };
    const sent = request({ host: '127.0.0.1', port: daemon.port, path, method, headers, agent: false, ...tls });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.end(body);
  });
}

const REGISTRATION = (({ service, address, port, servicePort, portName, tls, protocols, weight, locality, admin }) =>
  JSON.stringify({ service, address, port, servicePort, portName, tls, protocols, weight, locality, admin }))(
  instanceOf('reviews', '1'),
);

describe("lateend's TLS door", () => {
  let mesh: MeshFolder;
  let daemon: Daemon;
  before(async () => {
    mesh = await MeshFolder.make();
    daemon = await mesh.startDaemon();
  });
  after(() => mesh.close());

  const member = async (): Promise<Svid> => (await mesh.join(daemon, 'reviews', `${Math.random()}`)).identity.svid.value as Svid;
  const status = async (...args: Parameters<typeof ask>) => (await ask(...args)).status;

  it('tells the bundle to anybody, and nothing else without a certificate', async () => {
    assert.equal(await status(daemon, '/v1/bundle'), 200);
    for (const [method, path] of [
      ['GET', '/v1/watch?instance=a&time=1'],
      ['PUT', '/v1/instances/a'],
      ['DELETE', '/v1/instances/a'],
      ['POST', '/v1/ack'],
      ['POST', '/v1/svid/renew'],
      ['GET', '/v1/status'],
      ['GET', '/v1/config'],
      ['POST', '/v1/config/apply'],
      ['POST', '/v1/admin/join-tokens'],
    ] as const) {
      assert.equal(
        await status(daemon, path, { method, ...(method.startsWith('P') ? { body: '{}' } : {}) }),
        401,
        `${method} ${path}`,
      );
    }
  });

  it("lets a member do a member's, and only the administrator the rest", async () => {
    const svid = await member();
    assert.equal(await status(daemon, '/v1/instances/x', { method: 'PUT', svid, body: REGISTRATION }), 200);
    for (const path of ['/v1/status', '/v1/config', '/v1/config/history', '/v1/admin/authority']) {
      assert.equal(await status(daemon, path, { svid }), 403, path);
    }
    for (const path of ['/v1/config/apply', '/v1/config/delete', '/v1/admin/join-tokens']) {
      assert.equal(await status(daemon, path, { method: 'POST', svid, body: '{}' }), 403, path);
    }
  });

  it('takes a certificate of another authority for none, and says why', async () => {
    const other = await mesh.startDaemon({ stateDir: join(mesh.path, 'other') });
    const stranger = (await mesh.join(other, 'reviews', 'stranger')).identity.svid.value as Svid;
    const { status, text } = await ask(daemon, '/v1/instances/x', { method: 'PUT', svid: stranger, body: REGISTRATION });
    assert.equal(status, 401);
    assert.match(JSON.parse(text).error.message, /^the client's certificate .* is not signed by an authority of cluster\.local/);
  });

  it('takes no namespace, labels or workload from a body', async () => {
    const svid = await member();
    for (const extra of ['namespace', 'labels', 'workload', 'serviceAccount', 'instance']) {
      const body = JSON.stringify({ ...JSON.parse(REGISTRATION), [extra]: 'istio-system' });
      const { status, text } = await ask(daemon, '/v1/instances/y', { method: 'PUT', svid, body });
      assert.equal(status, 400, extra);
      assert.match(text, new RegExp(`${extra} must be left out`));
    }
  });

  it('opens no stream under the instance id of somebody else', async () => {
    const reviews = await member();
    assert.equal(await status(daemon, '/v1/instances/mine', { method: 'PUT', svid: reviews, body: REGISTRATION }), 200);
    const ratings = (await mesh.join(daemon, 'ratings', 'other')).identity.svid.value as Svid;
    assert.equal(await status(daemon, '/v1/watch?instance=mine&time=1', { svid: ratings }), 403);
    assert.equal(await status(daemon, '/v1/instances/mine', { method: 'DELETE', svid: ratings }), 403);
    const ack = JSON.stringify({ instance: 'ratings-v1-other', revision: 0, hash: '', registryVersion: 0 });
    assert.equal(await status(daemon, '/v1/ack', { method: 'POST', svid: reviews, body: ack }), 404);
  });

  it('limits bodies and wants JSON', async () => {
    assert.equal(await status(daemon, '/v1/svid', { method: 'POST', body: JSON.stringify('x'.repeat(17_000)) }), 413);
    assert.equal(await status(daemon, '/v1/svid', { method: 'POST', body: '{}', type: 'text/plain' }), 415);
    assert.equal(await status(daemon, '/v1/svid', { method: 'POST', body: '{"csr":"AA==","__proto__":{}}' }), 400);
    assert.equal(await status(daemon, '/v1/svid', { method: 'POST', body: '{"csr":"AA==","joinToken":{}}' }), 401);
  });

  it('speaks TLS 1.3 only, and resumes nothing', async () => {
    const open = (options: object) =>
      new Promise<TLSSocket>((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port: daemon.port, rejectUnauthorized: false, ...options }, () =>
          resolve(socket),
        );
        socket.on('error', reject);
      });
    await assert.rejects(open({ maxVersion: 'TLSv1.2' }), /protocol version/);
    const fetchBundle = async (options: object) => {
      const socket = await open(options);
      const reused = socket.isSessionReused();
      let session: Buffer | undefined;
      socket.on('session', (ticket) => (session = ticket));
      socket.write('GET /v1/bundle HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
      await new Promise((closed) => socket.on('close', closed).resume());
      return { reused, session };
    };
    const { session } = await fetchBundle({});
    assert.equal((await fetchBundle({ session })).reused, false);
  });

  it('keeps a man in the middle from a token, who adds his own root to the true bundle', async () => {
    const other = join(mesh.path, 'other', 'admin.json');
    const his = JSON.parse(await readFile(other, 'utf8'));
    const { jwks } = JSON.parse((await ask(daemon, '/v1/bundle')).text);
    const mixed = { ...jwks, keys: [...jwks.keys, ...his.bundle.jwks.keys] };
    mixed.lateen_intermediates = [...jwks.lateen_intermediates, ...his.bundle.jwks.lateen_intermediates];
    const heard: string[] = [];
    const man = createServer({ cert: his.certificate, key: his.key }, (received, response) => {
      heard.push(`${received.method} ${received.url}`);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ trustDomain: 'cluster.local', jwks: mixed }));
    });
    await new Promise<void>((listening) => man.listen(0, '127.0.0.1', listening));
    const { joinString } = await daemon.createToken(tokenFor('details'));
    const url = `https://127.0.0.1:${(man.address() as AddressInfo).port}`;
    const client = mesh.connect(url, {
      service: 'details',
      serviceAccount: 'bookinfo-details',
      instance: 'd',
      token: joinString,
    });
    const problem = await whenValue(client.problem, (value) => value?.includes("is not this mesh's lateend") === true);
    await client.close();
    man.closeAllConnections();
    man.close();
    assert.ok(problem?.includes(url));
    assert.deepEqual(new Set(heard), new Set(['GET /v1/bundle']));
  });
});
