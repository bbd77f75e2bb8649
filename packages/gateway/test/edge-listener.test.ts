import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { isLateenError } from '@lateen/core';
import { ask, askRaw, clientTo, edgeSettings, openEdge, plainRoutes, type Edge } from './support.ts';
import type { AccessLogEntry } from '@lateen/telemetry';
import { EdgeListener } from '../src/edge-listener.ts';

/** Answers with what it saw. */
function echo(request: IncomingMessage, respond: (text: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    respond(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
  });
}

function echoServer(): Server {
  return createServer((request, response) => echo(request, (text) => response.end(text)));
}

describe('EdgeListener', () => {
  let edge: Edge | undefined;

  afterEach(async () => {
    await edge?.close();
    edge = undefined;
  });

  it('passes method, path, host and body in and status, headers and body out', async () => {
    edge = await openEdge((request, response) =>
      echo(request, (text) => response.writeHead(201, 'Made', { 'x-r': ['1', '2'], 'set-cookie': ['a=1', 'b=2'] }).end(text)),
    );
    const answer = await ask(edge.port, '/a/b?c=1', { method: 'POST', body: 'hello', headers: { 'x-q': ['1', '2'] } });
    assert.equal(answer.status, 201);
    assert.equal(answer.headers['x-r'], '1, 2');
    assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2']);
    assert.equal(answer.headers.server, undefined);
    const seen = JSON.parse(answer.body);
    assert.equal(seen.method, 'POST');
    assert.equal(seen.url, '/a/b?c=1');
    assert.equal(seen.body, 'hello');
    assert.equal(seen.headers.host, 'shop.example.test');
    assert.equal(seen.headers['x-q'], '1, 2');
  });

  it('lets no word of the mesh in from outside, and says who called', async () => {
    edge = await openEdge(echoServer());
    const { body } = await ask(edge.port, '/', {
      headers: {
        'x-request-id': 'mine',
        'x-forwarded-client-cert': 'URI=spiffe://cluster.local/ns/default/sa/admin',
        'x-envoy-expected-rq-timeout-ms': '1',
        'x-envoy-retry-on': '5xx',
        'x-lateen-priority': 'high',
        'X-B3-TraceId': '1',
        'x-forwarded-for': '192.0.2.1',
        'x-forwarded-proto': 'https',
        connection: 'x-named, keep-alive',
        'x-named': '1',
        'x-kept': '1',
      },
    });
    const { headers } = JSON.parse(body);
    const names = Object.keys(headers).filter((name) => name !== 'connection');
    assert.deepEqual(names.sort(), ['host', 'x-forwarded-for', 'x-forwarded-proto', 'x-kept']);
    assert.equal(headers['x-forwarded-for'], '192.0.2.1,127.0.0.1');
    assert.equal(headers['x-forwarded-proto'], 'http');
  });

  it('calls in a context of its own: new request id, no deadline, the caller’s trace', async () => {
    edge = await openEdge(echoServer());
    const traceparent = '00-11111111111111111111111111111111-2222222222222222-01';
    // Some may ask to be traced each second, by far not all of these.
    for (let i = 0; i < 40; i++) await ask(edge.port, '/', { headers: { traceparent, 'x-request-id': 'mine' } });
    const contexts = edge.dispatched.map(({ context }) => context);
    const [first, second] = contexts;
    assert.match(first?.requestId ?? '', /^[0-9a-f-]{36}$/);
    assert.notEqual(first?.requestId, second?.requestId);
    assert.equal(first?.principal, undefined);
    assert.equal(first?.deadline, Infinity);
    assert.equal(first?.trace?.traceId, '11111111111111111111111111111111');
    assert.equal(first?.trace?.sampled, true);
    assert.ok(contexts.some((context) => context?.trace?.sampled === false));
  });

  it('normalises the path and refuses what it can’t read', async () => {
    edge = await openEdge(echoServer());
    assert.equal(JSON.parse((await ask(edge.port, '/a/../%62?x=%41')).body).url, '/b?x=%41');
    const refused: readonly (readonly [string, number])[] = [
      ['GET /a%00b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
      ['GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
      ['GET / HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n', 400],
      ['GET / HTTP/1.1\r\nHost: a\r\nx y: 1\r\n\r\n', 400],
      ['OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 404],
      ['CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n', 404],
      ['GET / HTTP/1.0\r\nHost: a\r\n\r\n', 426],
      [`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${'x: 1\r\n'.repeat(101)}\r\n`, 431],
      [`GET / HTTP/1.1\r\nHost: a\r\nx: ${'b'.repeat(70_000)}\r\n\r\n`, 431],
      ['POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n', 501],
    ];
    for (const [text, status] of refused) {
      assert.match(await askRaw(edge.port, text), new RegExp(`^HTTP/1\\.1 ${status} `), text.slice(0, 80));
    }
    assert.equal(edge.dispatched.length, 1);
  });

  it('dials nowhere by a host that fits in no URL: rules alone say where it goes', async () => {
    edge = await openEdge(echoServer());
    for (const host of ['user@a', 'a:99999', '1.2.3.999', '', 'a\r\nHost: b']) {
      await askRaw(edge.port, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    }
    assert.deepEqual(
      edge.dispatched.map(({ options }) => [options.origin, (options.headers as string[])[1]]),
      ['user@a', 'a:99999', '1.2.3.999', '', 'a,b'].map((host) => ['http://unroutable.invalid', host]),
    );
  });

  it('believes as many proxies as it is told to, and tells the address that the first of them saw', async () => {
    edge = await openEdge(echoServer(), { defaults: 'istio', trustedProxies: 1 });
    const headers = { 'x-forwarded-for': '192.0.2.1, 198.51.100.1', 'x-forwarded-proto': 'https' };
    const seen = JSON.parse((await ask(edge.port, '/', { headers })).body).headers;
    assert.equal(seen['x-forwarded-for'], '192.0.2.1, 198.51.100.1,127.0.0.1');
    assert.equal(seen['x-forwarded-proto'], 'https');
    assert.equal(seen['x-envoy-external-address'], '198.51.100.1');
    assert.equal(edge.dispatched[0]?.options.origin, 'https://shop.example.test');
    const direct = JSON.parse((await ask(edge.port, '/')).body).headers;
    assert.equal(direct['x-envoy-external-address'], '127.0.0.1');
  });

  it('logs what it refuses for its form', async () => {
    const log: AccessLogEntry[] = [];
    edge = await openEdge(echoServer(), { accessLog: { enabled: true, write: (entry) => void log.push(entry) } });
    await askRaw(edge.port, 'GET / HTTP/1.0\r\nHost: a\r\n\r\n');
    await askRaw(edge.port, 'GET / HTTP/1.1\r\nHost: a\r\nx y: 1\r\n\r\n');
    assert.deepEqual(
      log.map(({ status, flags }) => [status, flags]),
      [
        [426, 'DPE'],
        [400, 'DPE'],
      ],
    );
  });

  it('lets an absolute target beat the Host header', async () => {
    edge = await openEdge(echoServer());
    const answer = await askRaw(edge.port, 'GET http://b.test/x?y HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n');
    assert.match(answer, /"url":"\/x\?y"/);
    assert.equal(edge.dispatched[0]?.options.origin, 'http://b.test');
  });

  it('streams both ways and passes trailers', async () => {
    edge = await openEdge((request, response) => {
      response.writeHead(200, { trailer: 'x-sum' });
      request.on('data', (chunk: Buffer) => response.write(`<${chunk}>`));
      request.on('end', () => {
        response.addTrailers({ 'x-sum': '2' });
        response.end();
      });
    });
    const socket = connect(edge.port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\none\r\n');
    let seen = '';
    socket.on('data', (chunk) => {
      seen += chunk.toString();
      // The first part came back before the second is sent: nothing waits for the end.
      if (seen.includes('<one>') && !seen.includes('<two>')) socket.write('3\r\ntwo\r\n0\r\n\r\n');
    });
    await once(socket, 'close');
    assert.match(seen, /<one>[^]*<two>[^]*x-sum: 2/);
  });

  it('waits for a slow caller instead of piling the answer up', async () => {
    const total = 32 * 1024 * 1024;
    let written = 0;
    edge = await openEdge((_request, response) => {
      const chunk = Buffer.alloc(256 * 1024);
      const more = (): void => {
        while (written < total) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const socket = connect(edge.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await once(socket, 'readable');
    await new Promise((resolve) => setTimeout(resolve, 150));
    const stalledAt = written;
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(written, stalledAt);
    assert.ok(written < total, 'everything was taken in at once');
    let received = 0;
    socket.on('data', (chunk) => {
      received += chunk.length;
    });
    await once(socket, 'close');
    assert.ok(received >= total);
  });

  it('ends the call inside when the caller goes away', async () => {
    let backendClosed: (() => void) | undefined;
    const gone = new Promise<void>((resolve) => {
      backendClosed = resolve;
    });
    edge = await openEdge((_request, response) => {
      response.on('close', () => backendClosed?.());
      response.write('begun');
    });
    const socket = connect(edge.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    await gone;
    const reason = edge.dispatched[0]?.context?.cancellation.reason;
    assert.ok(isLateenError(reason));
    assert.equal(reason.code, 'LATEEN_CANCELLED');
  });

  it('does not cancel what was answered', async () => {
    edge = await openEdge(echoServer());
    await ask(edge.port, '/');
    assert.equal(edge.dispatched[0]?.context?.cancellation.cancelled, false);
  });

  it('cuts an answer whose backend breaks off, and answers 503 when none had begun', async () => {
    edge = await openEdge((request, response) => {
      if (request.url === '/none') return void request.socket.destroy();
      response.writeHead(200, { 'content-length': '100' });
      response.write('part', () => request.socket.destroy());
    });
    await assert.rejects(ask(edge.port, '/part'), { code: 'ECONNRESET' });
    assert.equal((await ask(edge.port, '/none')).status, 503);
  });

  it('passes WebSocket upgrades, bytes both ways, and the refusal of one', async () => {
    const backend = createServer((_request, response) => response.writeHead(403, { 'x-why': 'no' }).end('refused'));
    backend.on('upgrade', (request, socket) => {
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${request.headers['sec-websocket-key']}\r\n\r\n`,
      );
      socket.on('data', (chunk: Buffer) => socket.write(`echo ${chunk}`));
      socket.on('end', () => socket.end());
    });
    edge = await openEdge(backend);
    const socket = connect(edge.port, '127.0.0.1');
    socket.write('GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: abc\r\n\r\n');
    const [head] = (await once(socket, 'data')) as [Buffer];
    assert.match(head.toString(), /^HTTP\/1\.1 101 [^]*sec-websocket-accept: abc/i);
    socket.write('hello');
    const [reply] = (await once(socket, 'data')) as [Buffer];
    assert.equal(reply.toString(), 'echo hello');
    socket.destroy();
    backend.removeAllListeners('upgrade');
    const refused = await askRaw(edge.port, 'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    assert.match(refused, /^HTTP\/1\.1 403 [^]*x-why: no[^]*refused$/);
  });

  it('finishes what is in flight when it drains and takes nothing new', async () => {
    let arrived: ((answer: () => void) => void) | undefined;
    const received = new Promise<() => void>((resolve) => {
      arrived = resolve;
    });
    edge = await openEdge((_request, response) => arrived?.(() => response.end('done')));
    const inFlight = ask(edge.port, '/');
    const answer = await received;
    const drained = edge.listener.drain(5_000);
    await assert.rejects(ask(edge.port, '/'), { code: 'ECONNREFUSED' });
    answer();
    const { body, headers } = await inFlight;
    assert.equal(body, 'done');
    assert.equal(headers.connection, 'close');
    await drained;
  });

  it('says which Gateway asks for a port that is taken', async () => {
    edge = await openEdge(echoServer());
    const { port } = edge;
    const second = new EdgeListener({
      host: '127.0.0.1',
      port,
      routes: plainRoutes(clientTo(1)),
      settings: edgeSettings(),
      place: 'mesh/gateway.yaml:8',
    });
    await assert.rejects(second.listen(), {
      code: 'LATEEN_PORT_IN_USE',
      message: /mesh\/gateway\.yaml:8.*is in use; stop what holds it/,
    });
  });
});
