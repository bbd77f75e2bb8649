import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '@lateen/core';
import type { AccessLogEntry } from '@lateen/telemetry';
import { createMesh } from '../src/create-mesh.ts';
import type { Mesh } from '../src/mesh.ts';

const telemetry = (spec: string): string =>
  `apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: {name: all, namespace: istio-system}\nspec: ${spec}\n`;

const serviceEntry = (port: number): string =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: ratings}\nspec:\n  hosts: [ratings.default.svc.cluster.local]\n  location: MESH_INTERNAL\n  resolution: STATIC\n  ports: [{number: 9080, name: http, protocol: HTTP}]\n  endpoints: [{address: 127.0.0.1, ports: {http: ${port}}, labels: {app: ratings, version: v1}}]\n`;

describe('followTelemetry', () => {
  let folder: string;
  const opened: Mesh[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lateen-telemetry-'));
  });
  afterEach(async () => {
    for (const mesh of opened.splice(0)) await mesh.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A process that serves and calls itself by the mesh, so that both sides speak of the same requests. */
  async function setUp(yaml: string, meshConfig: object = {}) {
    const entries: AccessLogEntry[] = [];
    await writeFile(join(folder, 'telemetry.yaml'), yaml);
    const mesh = await createMesh({
      service: 'ratings',
      version: 'v1',
      config: folder,
      admin: false,
      logger: silentLogger,
      accessLog: (entry) => entries.push(entry),
      meshConfig,
    });
    opened.push(mesh);
    const server = mesh.createServer((request, response) => {
      response.setHeader('x-answer', 'yes');
      response.statusCode = request.url === '/teapot' ? 418 : 200;
      response.end('ok');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await writeFile(join(folder, 'services.yaml'), serviceEntry((server.address() as AddressInfo).port));
    await until(async () => (await ask('/')) === 200 && entries.length > 0, 'the service is known');
    async function ask(path: string, headers: Record<string, string> = {}): Promise<number> {
      const response = await mesh.fetch(`http://ratings:9080${path}`, { headers }).catch(() => undefined);
      await response?.text();
      return response?.status ?? 0;
    }
    return { mesh, entries, ask };
  }

  async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      if (await holds()) return;
      await sleep(20);
    }
    assert.fail(`not seen: ${what}`);
  }

  it('has both sides log what a filter keeps, and takes a change while it runs', async () => {
    const filter = (expression: string): string => telemetry(`{accessLogging: [{filter: {expression: '${expression}'}}]}`);
    const { entries, ask } = await setUp(filter('response.code == 418 || request.url_path == "/"'));
    entries.length = 0;
    await ask('/quiet');
    await ask('/teapot');
    await until(async () => entries.length === 2, 'both sides of the teapot');
    assert.deepEqual(entries.map(({ direction, status, path }) => `${direction} ${status} ${path}`).toSorted(), [
      'inbound 418 /teapot',
      'outbound 418 /teapot',
    ]);
    await writeFile(join(folder, 'telemetry.yaml'), telemetry('{accessLogging: [{match: {mode: CLIENT}, disabled: true}]}'));
    entries.length = 0;
    await until(async () => {
      entries.length = 0;
      await ask('/teapot');
      await sleep(5);
      return entries.length === 1 && entries[0]?.direction === 'inbound';
    }, 'only the server logs');
  });

  it('has metrics carry what a request says, on the side that is meant', async () => {
    const override =
      '{match: {metric: REQUEST_COUNT, mode: CLIENT}, tagOverrides: {user: {value: "request.headers[\'x-user\']"}, answer: {value: "response.headers[\'x-answer\']"}}}';
    const { mesh, ask } = await setUp(telemetry(`{metrics: [{overrides: [${override}]}]}`));
    await ask('/a', { 'x-user': 'jason' });
    const lines = (await mesh.metrics.text()).split('\n').filter((line) => line.startsWith('istio_requests_total{'));
    const client = lines.filter((line) => line.includes('reporter="source"') && line.includes('user="jason",answer="yes"'));
    assert.equal(client.length, 1);
    assert.match(client[0] as string, /} 1$/);
    assert.equal(lines.filter((line) => line.includes('reporter="destination"') && line.includes('user=')).length, 0);
  });

  it('knows a provider of the mesh configuration as its own', async () => {
    const named = telemetry('{accessLogging: [{providers: [{name: files}], filter: {expression: "response.code == 200"}}]}');
    const { entries, ask } = await setUp(named, { extensionProviders: [{ name: 'files', envoyFileAccessLog: {} }] });
    entries.length = 0;
    await ask('/teapot');
    await ask('/fine');
    await until(async () => entries.some(({ path }) => path === '/fine'), 'the kept one');
    assert.ok(entries.every(({ path }) => path === '/fine'));
  });
});
