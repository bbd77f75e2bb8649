import assert from 'node:assert/strict';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accessLines } from './kit/access-log.ts';
import { Bookinfo } from './kit/bookinfo.ts';
import { type Check, point } from './kit/check.ts';
import { applyFiles, applyText, lateenOf } from './kit/cli.ts';
import { loadPages } from './kit/page.ts';
import { type Called, TaskMembers } from './kit/task-members.ts';
import { until } from './kit/until.ts';

interface Fixture {
  readonly bookinfo: Bookinfo;
  readonly members: TaskMembers;
  /** A server outside the mesh that waits as long as its path says. */
  readonly outside: Server;
}

const HTTPBIN = 'examples/httpbin';
const URL_OF_HTTPBIN = 'http://httpbin:8000';
const GATEWAY_API = 'examples/bookinfo/mesh/gateway-api';

const circuitBreaking: Check<Fixture> = {
  name: 'circuit-breaking',
  async run({ bookinfo, members }, report) {
    await applyFiles(bookinfo, `${HTTPBIN}/httpbin.yaml`, `${HTTPBIN}/circuit-breaker.yaml`);
    const figures: string[] = [];
    for (const [concurrency, count] of [
      [2, 20],
      [3, 30],
    ] as const) {
      const calls = await members.call({ url: `${URL_OF_HTTPBIN}/get`, count, concurrency });
      const refused = calls.filter(({ status }) => status === 503);
      figures.push(`${concurrency} at once: ${count - refused.length} of ${count} served`);
      assert.ok(calls.every(({ status }) => status === 200 || status === 503));
      for (const { headers, body } of refused) {
        assert.equal(headers['x-envoy-overloaded'], 'true');
        assert.match(body, /reset reason: overflow$/);
      }
      if (concurrency === 3) assert.ok(refused.length > 0 && refused.length < count, figures.at(-1));
    }
    report.say(figures.join(', '));
    await deleteAll(bookinfo, 'destinationrule httpbin');
  },
};

const mirroring: Check<Fixture> = {
  name: 'mirroring',
  async run({ bookinfo, members }) {
    await applyFiles(bookinfo, `${HTTPBIN}/destination-rule-versions.yaml`, `${HTTPBIN}/mirror-v2.yaml`);
    const [v1, v2] = members.httpbin;
    const headersSeen = (log: string): number => accessLines(log).filter(({ path }) => path === '/headers').length;
    const before = [headersSeen(v1.log()), headersSeen(v2.log())] as const;
    const { status, headers } = await members.one(`${URL_OF_HTTPBIN}/headers`);
    assert.deepEqual([status, headers['x-served-by']], [200, 'v1']);
    await until('both versions to have seen it', 3_000, async () => headersSeen(v2.log()) === before[1] + 1);
    assert.equal(headersSeen(v1.log()), before[0] + 1);
    await deleteAll(bookinfo, 'virtualservice httpbin', 'destinationrule httpbin');
  },
};

const ingress: Check<Fixture> = {
  name: 'ingress-control',
  async run({ bookinfo }) {
    await applyFiles(bookinfo, `${HTTPBIN}/httpbin-gateway.yaml`);
    const ask = (path: string, host = 'httpbin.example.com'): Promise<number> => throughGateway(bookinfo, 80, path, host);
    await until('the gateway opens its port', 5_000, async () => (await ask('/status/200')) === 200);
    assert.equal(await ask('/status/418'), 418);
    assert.equal(await ask('/headers'), 404);
    assert.equal(await ask('/status/200', 'other.example.com'), 404);
    await applyText(bookinfo, ANY_HOST);
    assert.equal(await ask('/headers', 'whatever.example.org'), 200);
    await deleteAll(bookinfo, 'virtualservice httpbin', 'gateway httpbin-gateway');
  },
};

const egress: Check<Fixture> = {
  name: 'egress-control',
  async run({ bookinfo, members, outside }, report) {
    const { port } = outside.address() as AddressInfo;
    const ask = (path: string, host = 'outside.example.org'): Promise<Called> => members.one(`http://${host}:${port}${path}`);
    assert.equal((await ask('/delay/0', 'localhost')).status, 200, 'anybody may be called');
    await applyText(bookinfo, REGISTRY_ONLY);
    assert.equal((await ask('/delay/0', 'localhost')).status, 502, 'nobody named the host');
    assert.equal((await ask('/delay/0')).status, 502, 'nobody named the host');
    await applyText(bookinfo, externalHost(port));
    assert.equal((await ask('/delay/0')).status, 200);
    const waited = await ask('/delay/5');
    assert.equal(waited.status, 200);
    assert.ok(waited.elapsedMs >= 4_900);
    await applyText(bookinfo, EXTERNAL_TIMEOUT);
    const cut = await ask('/delay/5');
    assert.deepEqual([cut.status, cut.body], [504, 'upstream request timeout']);
    assert.ok(cut.elapsedMs >= 2_900 && cut.elapsedMs <= 4_000, `${cut.elapsedMs} ms`);
    report.say(`504 after ${Math.round(cut.elapsedMs)} ms`);
    await deleteAll(bookinfo, 'sidecar default', 'virtualservice outside', 'serviceentry outside');
  },
};

const accessLog: Check<Fixture> = {
  name: 'access-log',
  async run({ bookinfo, members }) {
    await applyFiles(bookinfo, `${HTTPBIN}/httpbin.yaml`);
    assert.equal((await members.one(`${URL_OF_HTTPBIN}/status/418`)).status, 418);
    const line = /"GET \/status\/418 HTTP\/1\.1" 418 - via_upstream - "-" 0 135 \d+ /;
    const served = (): string => members.httpbin.map((one) => one.log()).join('');
    await until('both sides tell of it', 3_000, async () => line.test(members.caller.log()) && line.test(served()));
  },
};

const telemetry: Check<Fixture> = {
  name: 'telemetry',
  async run({ bookinfo, members }) {
    await applyText(bookinfo, ONLY_ERRORS);
    const lines = (path: string): number => accessLines(members.caller.log()).filter((line) => line.path === path).length;
    await members.one(`${URL_OF_HTTPBIN}/status/204`);
    await members.one(`${URL_OF_HTTPBIN}/status/404`);
    await until('the error is told', 3_000, async () => lines('/status/404') === 1);
    assert.equal(lines('/status/204'), 0);
    await deleteAll(bookinfo, 'telemetry errors');
    await members.one(`${URL_OF_HTTPBIN}/status/204`);
    await until('all is told again', 3_000, async () => lines('/status/204') === 1);
  },
};

const gatewayApi: Check<Fixture> = {
  name: 'gateway-api',
  async run({ bookinfo }, report) {
    await deleteAll(bookinfo, 'virtualservice bookinfo', 'gateway bookinfo-gateway');
    await applyFiles(
      bookinfo,
      `${GATEWAY_API}/services-by-version.yaml`,
      `${GATEWAY_API}/bookinfo-gateway.yaml`,
      `${GATEWAY_API}/route-all-v1.yaml`,
    );
    const stars = async (count: number): Promise<Record<string, number>> => {
      const pages = await loadPages(bookinfo.pageUrl, count);
      return Object.fromEntries(
        ['none', 'black', 'red'].map((color) => [color, pages.filter((page) => page.stars === color).length]),
      );
    };
    await until(
      'the page answers by its HTTPRoute',
      5_000,
      async () => (await throughGateway(bookinfo, 8080, '/productpage', 'x')) === 200,
    );
    assert.equal(await throughGateway(bookinfo, 8080, '/elsewhere', 'x'), 404);
    assert.deepEqual(await stars(20), { none: 20, black: 0, red: 0 });
    await applyFiles(bookinfo, `${GATEWAY_API}/route-reviews-50-v3.yaml`);
    const half = await stars(100);
    assert.ok((half['red'] ?? 0) > 30 && (half['red'] ?? 0) < 70 && half['black'] === 0, JSON.stringify(half));
    report.say(`50:50 gave ${half['none']} without and ${half['red']} with red stars`);
    await applyFiles(bookinfo, `${GATEWAY_API}/route-reviews-v3.yaml`);
    assert.deepEqual(await stars(20), { none: 0, black: 0, red: 20 });
  },
};

/** Scenarios 6, 7, 13 (HTTP), 14 and 16 of Istio's tasks, Telemetry, and Bookinfo by the Gateway API. */
export const tasks = point<Fixture>({
  id: '4.2',
  async open() {
    const bookinfo = await Bookinfo.start('tasks', 12_000);
    const outside = createServer((request, response) => {
      const delayMs = 1_000 * Number(/\d+/.exec(request.url ?? '')?.[0] ?? 0);
      setTimeout(() => response.end('outside'), delayMs);
    }).listen(0, '127.0.0.1');
    return { bookinfo, members: await TaskMembers.start(bookinfo), outside };
  },
  async close({ bookinfo, members, outside }) {
    outside.close();
    outside.closeAllConnections();
    await members.stop();
    await bookinfo.stop();
  },
  checks: [circuitBreaking, mirroring, ingress, egress, accessLog, telemetry, gatewayApi],
});

async function deleteAll(bookinfo: Bookinfo, ...named: readonly string[]): Promise<void> {
  for (const one of named) {
    const { code, stderr } = await lateenOf(bookinfo, ['delete', ...one.split(' ')]);
    assert.equal(code, 0, stderr);
  }
}

/** The status that the ingress gateway answers with; 0 when nobody does. */
function throughGateway(bookinfo: Bookinfo, port: number, path: string, host: string): Promise<number> {
  const at = port + bookinfo.deployment.ports.page - 8_080;
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port: at, path, headers: { host }, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    }).on('error', () => resolve(0));
  });
}

const ANY_HOST = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: httpbin-gateway }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: httpbin }
spec:
  hosts: ["*"]
  gateways: [httpbin-gateway]
  http:
    - match: [{ uri: { prefix: /headers } }]
      route: [{ destination: { host: httpbin, port: { number: 8000 } } }]
`;

const REGISTRY_ONLY = `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default }
spec:
  outboundTrafficPolicy: { mode: REGISTRY_ONLY }
  egress: [{ hosts: ["*/*"] }]
`;

const externalHost = (port: number): string => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: outside }
spec:
  hosts: [outside.example.org]
  location: MESH_EXTERNAL
  resolution: DNS
  ports: [{ number: ${port}, name: http, protocol: HTTP }]
  endpoints: [{ address: 127.0.0.1 }]
`;

const EXTERNAL_TIMEOUT = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: outside }
spec:
  hosts: [outside.example.org]
  http: [{ timeout: 3s, route: [{ destination: { host: outside.example.org } }] }]
`;

const ONLY_ERRORS = `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: errors }
spec:
  accessLogging: [{ filter: { expression: response.code >= 400 } }]
`;
