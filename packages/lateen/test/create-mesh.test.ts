import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import axios from 'axios';
import { silentLogger } from '@lateen/core';
import { createMesh } from '../src/create-mesh.ts';
import type { Mesh } from '../src/mesh.ts';

const quiet = { logger: silentLogger, admin: 0 } as const;

async function upstream(name: string): Promise<{ port: number; server: Server }> {
  const server = createServer((request, response) => response.end(`${name} ${request.url} ${request.headers.host}`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, server };
}

const serviceEntry = (host: string, port: number) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
  metadata: { name: host.split('.')[0] },
  spec: {
    hosts: [host],
    location: 'MESH_EXTERNAL',
    resolution: 'STATIC',
    ports: [{ number: 9080, name: 'http', protocol: 'HTTP' }],
    endpoints: [{ address: '127.0.0.1', ports: { http: port } }],
  },
});

describe('createMesh', () => {
  const opened: { close(): unknown }[] = [];
  const keep = <T extends { close(): unknown }>(one: T): T => (opened.push(one), one);
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  it('routes fetch, request and an agent by the resources it is given', async () => {
    const { port, server } = await upstream('reviews');
    keep(server);
    const mesh = keep(
      await createMesh({ ...quiet, service: 'productpage', config: [serviceEntry('reviews.default.svc.cluster.local', port)] }),
    );
    await mesh.ready;
    assert.equal(await (await mesh.fetch('http://reviews:9080/reviews/0')).text(), 'reviews /reviews/0 reviews:9080');
    assert.equal(await (await mesh.request('http://reviews.default:9080/x')).body.text(), 'reviews /x reviews.default:9080');
    const { data } = await axios.get('http://reviews:9080/axios', { httpAgent: mesh.agent(), proxy: false });
    assert.equal(data, 'reviews /axios reviews:9080');
  });

  it('passes through with one line when nobody asked for a mesh', async () => {
    const { port, server } = await upstream('plain');
    keep(server);
    const lines: string[] = [];
    const mesh = keep(await createMesh({ service: 'shop', logger: { ...silentLogger, info: (line) => lines.push(line) } }));
    assert.equal(await (await mesh.fetch(`http://127.0.0.1:${port}/a`)).text(), `plain /a 127.0.0.1:${port}`);
    assert.deepEqual(lines.length, 1);
    assert.match(lines[0] as string, /pass through/);
    assert.equal(mesh.adminAddress, '');
  });

  it('refuses given resources with all findings', async () => {
    const bad = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'x' },
      spec: { hosts: ['x'], htp: [], http: [{ timeout: '0s' }] },
    };
    await assert.rejects(createMesh({ ...quiet, service: 's', config: [bad] }), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'LATEEN_CONFIG_INVALID');
      assert.match(error.message, /unknown field "htp"[\s\S]*timeout/);
      return true;
    });
  });

  it('tells a taken admin port', async () => {
    const { port, server } = await upstream('taken');
    keep(server);
    await assert.rejects(createMesh({ ...quiet, service: 's', config: [], admin: port }), /is in use; choose another with admin/);
  });

  it('answers on its admin endpoint', async () => {
    const { port, server } = await upstream('reviews');
    keep(server);
    const mesh = keep(
      await createMesh({ ...quiet, service: 'productpage', config: [serviceEntry('reviews.default.svc.cluster.local', port)] }),
    );
    const ask = (path: string) => fetch(`http://${mesh.adminAddress}${path}`);
    await mesh.fetch('http://reviews:9080/');
    assert.equal((await ask('/healthz/ready')).status, 200);
    assert.equal((await ask('/healthz/live')).status, 200);
    assert.match(
      await (await ask('/stats/prometheus')).text(),
      /istio_requests_total\{reporter="source",source_workload="productpage"/,
    );
    const config = (await (await ask('/config')).json()) as { revision: number; resources: { kind: string }[] };
    assert.deepEqual(
      config.resources.map(({ kind }) => kind),
      ['ServiceEntry'],
    );
    const clusters = (await (await ask('/clusters')).json()) as { name: string }[];
    assert.ok(clusters.some(({ name }) => name === 'outbound|9080||reviews.default.svc.cluster.local'));
    const explained = (await (await ask('/explain?url=http://reviews:9080/reviews/0&header=end-user:jason')).json()) as {
      pick: string;
      reason: string[];
    };
    assert.equal(explained.pick, `127.0.0.1:${port}`);
    assert.ok(explained.reason.length > 0);
    assert.equal((await ask('/explain')).status, 400);
    assert.equal((await ask('/nowhere')).status, 404);
    assert.equal((await fetch(`http://${mesh.adminAddress}/config`, { method: 'POST' })).status, 405);
  });

  it('serves with a context that outbound calls inherit', async () => {
    const seen: (string | undefined)[] = [];
    const backend = createServer((request, response) => {
      seen.push(request.headers['x-request-id'] as string, (request.headers['traceparent'] as string).slice(3, 35));
      response.end();
    });
    keep(backend);
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    const mesh: Mesh = keep(
      await createMesh({
        ...quiet,
        service: 'productpage',
        config: [serviceEntry('ratings.default.svc.cluster.local', (backend.address() as AddressInfo).port)],
      }),
    );
    const server = mesh.createServer({ servicePort: 9080 }, async (_request, response) => {
      await (await mesh.fetch('http://ratings:9080/')).text();
      const { requestId, traceId } = mesh.current() ?? {};
      response.end(JSON.stringify([requestId, traceId]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    assert.deepEqual(await answer.json(), seen);
  });

  it('can be disposed of, and drained, without a trace', async () => {
    const mesh = await createMesh({ ...quiet, service: 's', config: [] });
    await mesh.drain({ timeoutMs: 100 });
    await mesh[Symbol.asyncDispose]();
    await assert.rejects(
      mesh.fetch('http://reviews:9080/'),
      (error: Error & { cause?: { code?: string } }) => error.cause?.code === 'LATEEN_CLOSED',
    );
  });
});

describe("import 'lateen'", () => {
  const run = (code: string) => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--conditions=@lateen/source', '--input-type=module', '-e', code],
      { cwd: join(import.meta.dirname, '..'), encoding: 'utf8', timeout: 15_000 },
    );
    assert.equal(status, 0, stderr);
    return stdout.trim();
  };

  it("changes no global, the runtime's dispatcher included", () => {
    const code = `
      const names = () => [...Object.getOwnPropertyNames(globalThis), ...Object.getOwnPropertySymbols(globalThis).map(String)].sort().join();
      await fetch('data:,x');
      const before = names(); const values = Object.getOwnPropertySymbols(globalThis).map((symbol) => globalThis[symbol]);
      await import('lateen');
      const after = Object.getOwnPropertySymbols(globalThis).map((symbol) => globalThis[symbol]);
      console.log(before === names() && values.every((value, index) => value === after[index]), process.listenerCount('SIGTERM'));`;
    assert.equal(run(code), 'true 0');
  });

  it('lets the process end by itself, before and after close', () => {
    assert.equal(
      run(
        `import { createMesh } from 'lateen'; await createMesh({ service: 's', config: [], admin: 0, logger: 'error' }); console.log('made');`,
      ),
      'made',
    );
    assert.equal(
      run(
        `import { createMesh } from 'lateen'; const mesh = await createMesh({ service: 's', config: [], admin: 0, logger: 'error' }); await mesh.close(); console.log('closed');`,
      ),
      'closed',
    );
  });

  it('works through require', () => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--conditions=@lateen/source', '-e', "console.log(typeof require('lateen').createMesh)"],
      { cwd: join(import.meta.dirname, '..'), encoding: 'utf8' },
    );
    assert.equal(stdout.trim(), 'function', stderr);
  });
});
