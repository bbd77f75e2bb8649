import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@lateen/core';
import { createGateway, type Gateway, type GatewayOptions } from '../src/index.ts';
import { ask, freePorts, gatewayYaml } from './support.ts';

describe('createGateway', () => {
  let folder: string;
  let backend: Server;
  let seen: IncomingMessage[] = [];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let gateway: Gateway | undefined;

  before(async () => {
    backend = createServer((request, response) => {
      seen.push(request);
      answer(request, response);
    }).listen(0, '127.0.0.1');
    await once(backend, 'listening');
  });

  after(() => {
    backend.closeAllConnections();
    backend.close();
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lateen-gateway-'));
    seen = [];
    answer = (request, response) => response.end(`page ${request.url}`);
  });

  afterEach(async () => {
    await gateway?.close();
    gateway = undefined;
    rmSync(folder, { recursive: true });
  });

  function write(name: string, yaml: string): void {
    writeFileSync(join(folder, name), yaml);
  }

  function shop(http: string, hosts = '["*"]'): string {
    return `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: productpage, namespace: default }
spec:
  hosts: [productpage.default.svc.cluster.local]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{ number: 9080, name: http, protocol: HTTP }]
  endpoints: [{ address: 127.0.0.1, ports: { http: ${(backend.address() as AddressInfo).port} }, labels: { version: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: bookinfo, namespace: default }
spec:
  hosts: ${hosts}
  gateways: [edge]
  http:
${http}
`;
  }

  const PAGE =
    '  - match: [{ uri: { exact: /productpage } }]\n    route: [{ destination: { host: productpage, port: { number: 9080 } } }]';

  async function start(options: Partial<GatewayOptions> = {}): Promise<Gateway> {
    gateway = await createGateway({ config: folder, admin: '127.0.0.1:0', logger: silentLogger, ...options }, {});
    return gateway;
  }

  async function startOn(port: number, http = PAGE): Promise<Gateway> {
    write('gateway.yaml', gatewayYaml('edge', [port]));
    write('shop.yaml', shop(http));
    return start();
  }

  it('serves what Gateway and VirtualService say, and nothing else', async () => {
    const [port] = await freePorts(1);
    await (await startOn(port)).ready;
    const page = await ask(port, '/productpage?u=1');
    assert.equal(page.status, 200);
    assert.equal(page.body, 'page /productpage?u=1');
    const missing = await ask(port, '/admin');
    assert.equal(missing.status, 404);
    assert.equal(missing.body, '');
    assert.equal(seen.length, 1);
    assert.equal(seen[0]?.headers.host, 'shop.example.test');
    assert.equal(seen[0]?.headers['x-forwarded-for'], '127.0.0.1');
    assert.match(seen[0]?.headers['x-request-id'] as string, /^[0-9a-f-]{36}$/);
  });

  it('answers in Envoy’s words when nobody behind it can', async () => {
    const [port] = await freePorts(1);
    const broken = '  - retries: { attempts: 0 }\n    route: [{ destination: { host: productpage, port: { number: 1 } } }]';
    await startOn(port, broken);
    assert.equal((await ask(port, '/')).status, 503);
    answer = (request) => request.socket.destroy();
    write('shop.yaml', shop(PAGE));
    await until(async () => (await ask(port, '/productpage')).body.startsWith('upstream connect error'));
    const { status, headers } = await ask(port, '/productpage');
    assert.equal(status, 503);
    assert.equal(headers['x-lateen-flag'], 'UC');
  });

  it('follows the configuration: routes, new ports, ports that go', async () => {
    const [first, second] = await freePorts(2);
    await startOn(first);
    assert.equal((await ask(first, '/productpage')).status, 200);
    write('shop.yaml', shop('  - directResponse: { status: 299, body: { string: changed } }'));
    await until(async () => (await ask(first, '/productpage')).status === 299);
    write('gateway.yaml', gatewayYaml('edge', [second]));
    await until(async () => (await ask(second, '/').catch(() => undefined))?.status === 299);
    await assert.rejects(ask(first, '/'), { code: 'ECONNREFUSED' });
    assert.deepEqual(
      gateway?.ports.map(({ port }) => port),
      [second],
    );
  });

  it('counts what it sends, as the source', async () => {
    const [port] = await freePorts(1);
    const running = await startOn(port);
    await ask(port, '/productpage');
    const text = await running.metrics.text();
    assert.match(
      text,
      /istio_requests_total\{reporter="source",source_workload="istio-ingressgateway"[^}]*destination_service="productpage.default.svc.cluster.local"[^}]*response_code="200"[^}]*\} 1/,
    );
  });

  it('shows its own routes and explains them on the admin endpoint', async () => {
    const [port] = await freePorts(1);
    const running = await startOn(port);
    const adminPort = Number(running.adminAddress.split(':').at(-1));
    const routes = JSON.parse((await ask(adminPort, '/routes')).body) as { conditions: string[]; port: number }[];
    assert.deepEqual(
      routes.map((route) => [route.port, route.conditions]),
      [[port, ['uri exact "/productpage"']]],
    );
    const url = encodeURIComponent(`http://shop.example.test:${port}/productpage`);
    const explanation = JSON.parse((await ask(adminPort, `/explain?url=${url}`)).body) as { reason: string[] };
    assert.match(
      explanation.reason.join('\n'),
      /rule 1 of VirtualService default\/bookinfo .* takes it: uri exact "\/productpage"/,
    );
    assert.equal((await ask(adminPort, '/healthz/ready')).status, 200);
  });

  it('drains: the last answers are given, then the port is closed', async () => {
    const [port] = await freePorts(1);
    const running = await startOn(port);
    const received = new Promise<ServerResponse>((resolve) => {
      answer = (_request, response) => resolve(response);
    });
    const inFlight = ask(port, '/productpage');
    const response = await received;
    const drained = running.drain({ timeoutMs: 5_000 });
    await assert.rejects(ask(port, '/productpage'), { code: 'ECONNREFUSED' });
    response.end('last');
    assert.equal((await inFlight).body, 'last');
    await drained;
    assert.deepEqual(running.ports, []);
  });

  it('opens nothing while no Gateway selects it', async () => {
    write('gateway.yaml', gatewayYaml('edge', [8080], 'istio: egressgateway'));
    const running = await start();
    await running.ready;
    assert.deepEqual(running.ports, []);
  });

  it('moves its ports by the offset', async () => {
    const [port] = await freePorts(1);
    write('gateway.yaml', gatewayYaml('edge', [port - 1000]));
    write('shop.yaml', shop(PAGE));
    const running = await start({ portOffset: 1000 });
    assert.equal((await ask(port, '/productpage')).status, 200);
    assert.deepEqual(running.ports, [{ port: port - 1000, address: `127.0.0.1:${port}`, gateways: ['default/edge'] }]);
  });

  it('refuses to start on a taken port, and without a configuration', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as AddressInfo;
    await assert.rejects(startOn(port), {
      code: 'LATEEN_PORT_IN_USE',
      message: new RegExp(`${port}, asked for at .*gateway\\.yaml:\\d+, is in use`),
    });
    blocker.close();
    await assert.rejects(createGateway({ admin: false, logger: silentLogger }, {}), {
      code: 'LATEEN_BAD_OPTION',
      message: /no configuration to follow; set control/,
    });
  });
});

/** Asks again until it holds: files are watched by the system, at its own pace. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
