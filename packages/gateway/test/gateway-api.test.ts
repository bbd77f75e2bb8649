import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type Server } from 'node:http';
import { get as getSecurely } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { silentLogger } from '@lateen/core';
import { testAuthority } from '@lateen/identity/testing';
import { createGateway } from '../src/create-gateway.ts';
import type { Gateway } from '../src/gateway.ts';
import { freePorts } from './support.ts';

const API = 'gateway.networking.k8s.io/v1';
const shop = testAuthority(Date.now()).certificate({ serviceAccount: 'shop' });

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly location: string | undefined;
}

function ask(port: number, path: string, { host = 'shop.test', secure = false } = {}): Promise<Answer> {
  const options = { host: '127.0.0.1', port, path, headers: { host }, agent: false, rejectUnauthorized: false, servername: host };
  return new Promise((resolve, reject) => {
    (secure ? getSecurely : get)(options, (response) => {
      const { statusCode = 0, headers } = response;
      text(response).then((body) => resolve({ status: statusCode, body, location: headers.location }), reject);
    }).on('error', reject);
  });
}

describe('a Gateway of the Gateway API', () => {
  let backend: Server;
  let gateway: Gateway | undefined;

  before(async () => {
    backend = createServer((request, response) => response.end(`${request.url} ${request.headers['x-way'] ?? ''}`));
    backend.listen(0, '127.0.0.1');
    await once(backend, 'listening');
  });
  after(() => {
    backend.closeAllConnections();
    backend.close();
  });
  afterEach(async () => {
    await gateway?.close();
    gateway = undefined;
  });

  async function start(listener: object, rules: readonly object[], ...others: readonly object[]): Promise<void> {
    const { port } = backend.address() as AddressInfo;
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { ports: [{ name: 'http', port: 80 }] },
    };
    const endpoints = {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'web' },
      subsets: [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ name: 'http', port }] }],
    };
    const edge = {
      apiVersion: API,
      kind: 'Gateway',
      metadata: { name: 'edge' },
      spec: { gatewayClassName: 'istio', listeners: [listener] },
    };
    const route = {
      apiVersion: API,
      kind: 'HTTPRoute',
      metadata: { name: 'web' },
      spec: { parentRefs: [{ name: 'edge' }], hostnames: ['shop.test'], rules },
    };
    gateway = await createGateway(
      { config: [service, endpoints, edge, route, ...others], admin: false, logger: silentLogger },
      {},
    );
  }

  const web = [{ name: 'web', port: 80 }];

  it('serves its routes, in their own order, and answers 404 for what none takes', async () => {
    const [port = 0] = await freePorts(1);
    const way = (value: string) => ({
      type: 'RequestHeaderModifier',
      requestHeaderModifier: { set: [{ name: 'x-way', value }] },
    });
    await start({ name: 'http', port, protocol: 'HTTP' }, [
      { matches: [{ path: { value: '/a' } }], filters: [way('prefix')], backendRefs: web },
      { matches: [{ path: { type: 'Exact', value: '/a/b' } }], filters: [way('exact')], backendRefs: web },
      {
        matches: [{ path: { value: '/old' } }],
        filters: [
          { type: 'RequestRedirect', requestRedirect: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/a' } } },
        ],
      },
      {
        matches: [{ path: { value: '/strip' } }],
        filters: [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } }],
        backendRefs: web,
      },
    ]);
    assert.equal((await ask(port, '/a/b')).body, '/a/b exact');
    assert.equal((await ask(port, '/a/c?x=1')).body, '/a/c?x=1 prefix');
    assert.equal((await ask(port, '/ab')).status, 404);
    assert.equal((await ask(port, '/a', { host: 'other.test' })).status, 404);
    assert.equal((await ask(port, '/strip/x')).body, '/x ');
    const { status, location } = await ask(port, '/old/x');
    assert.deepEqual([status, new URL(location ?? '').pathname], [302, '/a/x']);
  });

  it('answers 500 where there is no such backend, or no leave to name it', async () => {
    const [port = 0] = await freePorts(1);
    await start({ name: 'http', port, protocol: 'HTTP' }, [
      { matches: [{ path: { value: '/missing' } }], backendRefs: [{ name: 'nobody', port: 80 }] },
      { matches: [{ path: { value: '/foreign' } }], backendRefs: [{ name: 'web', namespace: 'other', port: 80 }] },
      { matches: [{ path: { value: '/none' } }] },
    ]);
    for (const path of ['/missing', '/foreign', '/none']) assert.equal((await ask(port, path)).status, 500, path);
  });

  const secret = (namespace: string) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'cert', namespace },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': shop.certificatePem, 'tls.key': shop.privateKeyPem },
  });
  const grant = {
    apiVersion: API,
    kind: 'ReferenceGrant',
    metadata: { name: 'gateways', namespace: 'vault' },
    spec: {
      from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'default' }],
      to: [{ group: '', kind: 'Secret' }],
    },
  };

  it('ends TLS with a Secret of its namespace', async () => {
    const [port = 0] = await freePorts(1);
    await start(
      { name: 'https', port, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'cert' }] } },
      [{ backendRefs: web }],
      secret('default'),
    );
    assert.equal((await ask(port, '/x', { secure: true })).body, '/x ');
  });

  it('takes a Secret of another namespace with leave from there only', async () => {
    const [port = 0] = await freePorts(1);
    const listener = { name: 'https', port, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'cert', namespace: 'vault' }] } };
    await start(listener, [{ backendRefs: web }], secret('vault'), grant);
    assert.equal((await ask(port, '/x', { secure: true })).body, '/x ');
    await gateway?.close();
    await start(listener, [{ backendRefs: web }], secret('vault'));
    await assert.rejects(ask(port, '/x', { secure: true }));
  });
});
