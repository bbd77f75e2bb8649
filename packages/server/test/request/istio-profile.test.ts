import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Cell } from '@lateen/core';
import type { InboundPool, InboundRules } from '../../src/admission/inbound-rules.ts';
import { plainGet, testInbound, type TestInbound, until } from '../kit.ts';

function rulesWith(pool: InboundPool | undefined): Cell<InboundRules> {
  return new Cell<InboundRules>({ poolOf: () => pool, operationOf: () => 'reviews.default:9080/*' });
}

async function sendRaw(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request, 'latin1');
  return text(socket);
}

describe('InboundRequest with defaults: istio', () => {
  let mesh: TestInbound;

  afterEach(() => mesh.close());

  it('keeps what proxies tell each other from the application, and the id and scheme that callers gave', async () => {
    mesh = testInbound('DISABLE', { identity: undefined, defaults: 'istio' });
    const { port } = await mesh.listen((request, response) => void response.end(JSON.stringify(request.headersDistinct)));
    const { body } = await plainGet(port, {
      'x-request-id': 'mine',
      'x-forwarded-proto': 'https',
      'x-envoy-max-retries': '3',
      'x-envoy-expected-rq-timeout-ms': '1',
      'x-envoy-internal': 'true',
      'x-envoy-attempt-count': '2',
    });
    const seen = JSON.parse(body) as Record<string, string[]>;
    assert.deepEqual(
      Object.keys(seen).filter((name) => name.startsWith('x-')),
      ['x-request-id', 'x-forwarded-proto', 'x-envoy-attempt-count'],
    );
    assert.deepEqual([seen['x-request-id'], seen['x-forwarded-proto']], [['mine'], ['https']]);
  });

  it('tells callers what served them and how long it took, whatever way the application answers', async () => {
    mesh = testInbound('DISABLE', { identity: undefined, defaults: 'istio', rules: rulesWith(undefined) });
    const { port } = await mesh.listen((request, response) => {
      if (request.url === '/flat') response.writeHead(201, ['x-a', '1']);
      response.end();
    });
    for (const path of ['/', '/flat']) {
      const { headers } = await plainGet(port, {}, path);
      assert.equal(headers['x-envoy-decorator-operation'], 'reviews.default:9080/*');
      assert.match(headers['x-envoy-upstream-service-time'] as string, /^\d+$/);
      assert.equal(headers['x-a'], path === '/flat' ? '1' : undefined);
    }
  });

  it('normalises paths, takes absolute targets apart and refuses what is malformed', async () => {
    mesh = testInbound('DISABLE', { identity: undefined, defaults: 'istio' });
    const { port } = await mesh.listen(({ url, headers, rawHeaders }, response) => {
      response.end(`${url} ${headers.host} ${rawHeaders.filter((name) => name.toLowerCase() === 'host').length}`);
    });
    const ask = (head: string) => sendRaw(port, `${head}\r\nconnection: close\r\n\r\n`);
    assert.match(await ask('GET /a/../%62 HTTP/1.1\r\nhost: a'), /\r\n\r\n\/b a 1$/);
    assert.match(await ask('GET http://b:90/c?d HTTP/1.1\r\nhost: a'), /\r\n\r\n\/c\?d b:90 1$/);
    assert.match(await ask('GET / HTTP/1.1\r\nHost: a\r\nhost: b'), /\r\n\r\n\/ a,b 1$/);
    assert.match(await ask('GET /%00 HTTP/1.1\r\nhost: a'), /^HTTP\/1\.1 400 /);
    assert.match(await ask('GET / HTTP/1.1\r\nx: 1'), /^HTTP\/1\.1 400 /);
    assert.match(await ask('GET / HTTP/1.0\r\nhost: a'), /^HTTP\/1\.1 426 [^]*Upgrade Required$/);
    assert.match(await ask('OPTIONS * HTTP/1.1\r\nhost: a'), /^HTTP\/1\.1 404 /);
    assert.match(await ask('GET / HTTP/1.1\r\nhost: a\r\nx y: 1'), /^HTTP\/1\.1 400 [^]*Bad Request$/);
    assert.deepEqual(
      mesh.log.map(({ status, flags }) => `${status} ${flags}`),
      ['200 -', '200 -', '200 -', '400 -', '400 -', '426 DPE', '404 -', '400 DPE'],
    );
  });

  it('answers 503 UC for an application that breaks off, and cuts what it has begun', async () => {
    mesh = testInbound('DISABLE', { identity: undefined, defaults: 'istio' });
    const { port } = await mesh.listen((request, response) => {
      if (request.url === '/begun') response.write('partial');
      response.destroy();
    });
    const { status, body } = await plainGet(port);
    assert.deepEqual(
      [status, body],
      [503, 'upstream connect error or disconnect/reset before headers. reset reason: connection termination'],
    );
    await assert.rejects(plainGet(port, {}, '/begun'));
    await until(() => mesh.log.length === 2);
    assert.deepEqual(
      mesh.log.map(({ flags }) => flags),
      ['UC', 'DC'],
    );
  });

  it('answers 503 UO where a Sidecar leaves no room, and serves again when there is', async () => {
    const pool = { maxRequests: 1, maxConnections: Infinity, maxPendingRequests: Infinity };
    mesh = testInbound('DISABLE', { identity: undefined, defaults: 'istio', rules: rulesWith(pool) });
    const waiting: (() => void)[] = [];
    const { port } = await mesh.listen((_request, response) => void waiting.push(() => response.end('served')));
    const first = plainGet(port);
    await until(() => waiting.length === 1);
    const second = await plainGet(port);
    assert.deepEqual(
      [second.status, second.headers['x-envoy-overloaded'], second.body],
      [503, 'true', 'upstream connect error or disconnect/reset before headers. reset reason: overflow'],
    );
    waiting[0]!();
    assert.equal((await first).body, 'served');
    await until(() => mesh.log.length === 2);
    assert.deepEqual(
      mesh.log.map(({ status, flags }) => `${status} ${flags}`),
      ['503 UO', '200 -'],
    );
    const third = plainGet(port);
    await until(() => waiting.length === 2);
    waiting[1]!();
    assert.equal((await third).status, 200);
  });
});
