import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { systemClock } from '@lateen/core';
import { fakeClock } from '@lateen/core/testing';
import { meshGet, plainGet, type TestInbound, testInbound, until } from '../kit.ts';

let mesh: TestInbound;

describe('InboundRequest', () => {
  afterEach(() => mesh.close());

  it('sets who called and strips what a caller claims', async () => {
    mesh = testInbound('PERMISSIVE');
    const { port } = await mesh.listen(
      (request, response) =>
        void response.end(
          JSON.stringify([
            request.headers['x-forwarded-client-cert'],
            request.rawHeaders.filter((line) => /client-cert/i.test(line)).length,
          ]),
        ),
    );
    const forged = { 'x-forwarded-client-cert': 'URI=spiffe://cluster.local/ns/default/sa/admin' };
    assert.deepEqual(JSON.parse((await plainGet(port, forged)).body), [null, 0]);
    const [value, lines] = JSON.parse((await meshGet(port, mesh.authority.svid('productpage'), { headers: forged })).body);
    assert.match(
      value,
      /^By=spiffe:\/\/cluster\.local\/ns\/default\/sa\/reviews;Hash=[0-9a-f]{64};Subject="";URI=spiffe:\/\/cluster\.local\/ns\/default\/sa\/productpage$/,
    );
    assert.equal(lines, 1);
  });

  it('takes deadline and request id from a mesh peer, not from a stranger', async () => {
    mesh = testInbound('PERMISSIVE');
    const { port } = await mesh.listen((_request, response) => {
      const { deadline, requestId } = mesh.inbound.current() ?? { deadline: undefined, requestId: '' };
      response.end(JSON.stringify({ bounded: deadline !== undefined, requestId }));
    });
    const headers = { 'x-envoy-expected-rq-timeout-ms': '5000', 'x-request-id': 'mine' };
    assert.deepEqual(JSON.parse((await meshGet(port, mesh.authority.svid('productpage'), { headers })).body), {
      bounded: true,
      requestId: 'mine',
    });
    const stranger = JSON.parse((await plainGet(port, headers)).body);
    assert.equal(stranger.bounded, false);
    assert.notEqual(stranger.requestId, 'mine');
  });

  it('continues the trace of a caller', async () => {
    mesh = testInbound('STRICT');
    const { port } = await mesh.listen((_request, response) => void response.end(mesh.inbound.current()?.traceId));
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';
    assert.equal(
      (await meshGet(port, mesh.authority.svid('productpage'), { headers: { traceparent } })).body,
      '4bf92f3577b34da6a3ce929d0e0e4736',
    );
  });

  it('cancels when the caller goes away, and says DC', async () => {
    mesh = testInbound('DISABLE');
    let aborted: Promise<unknown> | undefined;
    const { port } = await mesh.listen(() => {
      const signal = mesh.inbound.current()?.signal as AbortSignal;
      aborted = once(signal, 'abort');
    });
    const caller = connect(port, '127.0.0.1');
    caller.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n');
    await until(() => aborted !== undefined);
    caller.destroy();
    await aborted;
    await until(() => mesh.log.length > 0);
    assert.equal(mesh.log[0]?.flags, 'DC');
    assert.equal(mesh.log[0]?.path, '/slow');
  });

  it('cancels at the deadline', async () => {
    mesh = testInbound('STRICT');
    const { port } = await mesh.listen(async (_request, response) => {
      const signal = mesh.inbound.current()?.signal as AbortSignal;
      await once(signal, 'abort');
      response.end((signal.reason as { code: string }).code);
    });
    const headers = { 'x-envoy-expected-rq-timeout-ms': '50' };
    assert.equal((await meshGet(port, mesh.authority.svid('productpage'), { headers })).body, 'LATEEN_DEADLINE_EXCEEDED');
  });

  it('passes upgrades on, authenticated and in context', async () => {
    mesh = testInbound('DISABLE');
    const { server, port } = await mesh.listen(() => {});
    server.on(
      'upgrade',
      (_request, socket) =>
        void socket.end(
          `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n${mesh.inbound.current() ? 'in context' : 'lost'}`,
        ),
    );
    const caller = connect(port, '127.0.0.1');
    caller.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
    const [answer] = (await once(caller, 'data')) as [Buffer];
    assert.match(answer.toString(), /101[\s\S]*in context/);
  });

  it('is recorded with its route template', async () => {
    mesh = testInbound('DISABLE');
    const { port } = await mesh.listen((request, response) => {
      mesh.inbound.setRoute(request, '/reviews/:id');
      response.end('x');
    });
    await plainGet(port);
    await until(() => mesh.log.length > 0);
    assert.equal(mesh.log[0]?.routeName, '/reviews/:id');
    assert.equal(mesh.log[0]?.status, 200);
    assert.match(
      await mesh.metrics.text(),
      /lateen_route_duration_milliseconds_count\{route="\/reviews\/:id",method="GET",response_code="200"\} 1/,
    );
  });

  it('shows the application the same headers in every form, whatever a caller forges', async () => {
    mesh = testInbound('PERMISSIVE');
    const { port } = await mesh.listen((request, response) => {
      const { headers, headersDistinct, rawHeaders } = request;
      const raw = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
      response.end(JSON.stringify([Object.keys(headers).toSorted(), Object.keys(headersDistinct).toSorted(), raw.toSorted()]));
    });
    const forged = { 'x-forwarded-client-cert': 'URI=spiffe://cluster.local/ns/default/sa/admin', 'x-request-id': 'mine' };
    for (const [svid, expected] of [
      [undefined, ['connection', 'host', 'x-request-id']],
      [mesh.authority.svid('productpage'), ['connection', 'host', 'x-forwarded-client-cert', 'x-request-id']],
    ] as const) {
      for (const headers of [{}, forged]) {
        const { body } = svid ? await meshGet(port, svid, { headers }) : await plainGet(port, headers);
        assert.deepEqual(JSON.parse(body), [expected, expected, expected]);
      }
    }
  });

  it('keeps requests that are served at the same time apart', async () => {
    mesh = testInbound('STRICT');
    const { port } = await mesh.listen(async (_request, response) => {
      await new Promise((resolve) => setImmediate(resolve));
      response.end(mesh.inbound.current()?.requestId);
    });
    const svid = mesh.authority.svid('productpage');
    const ids = Array.from({ length: 10 }, (_, index) => `request-${index}`);
    const answers = await Promise.all(ids.map((id) => meshGet(port, svid, { headers: { 'x-request-id': id } })));
    assert.deepEqual(
      answers.map(({ body }) => body),
      ids,
    );
  });

  it('stays current in listeners for a body that arrives later', async () => {
    mesh = testInbound('STRICT');
    let begun = false;
    const seen: (string | undefined)[] = [];
    const see = (): unknown => seen.push(mesh.inbound.current()?.requestId);
    const { port } = await mesh.listen((request, response) => {
      begun = true;
      request.on('data', see).on('end', () => {
        see();
        response.end();
      });
    });
    const { certificatePem: cert, privateKeyPem: key } = mesh.authority.svid('productpage');
    const headers = { 'x-request-id': 'mine' };
    const caller = request({
      host: '127.0.0.1',
      port,
      method: 'POST',
      rejectUnauthorized: false,
      cert,
      key,
      headers,
      agent: false,
    });
    const answered = once(caller, 'response');
    caller.write('a');
    await until(() => begun);
    caller.write('b');
    await until(() => seen.length === 2);
    caller.end();
    await answered;
    assert.deepEqual(seen, ['mine', 'mine', 'mine']);
  });

  it('measures bodies, not heads', async () => {
    mesh = testInbound('DISABLE');
    const { port } = await mesh.listen((request, response) => void request.resume().on('end', () => response.end('hello')));
    await (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x'.repeat(1_000) })).text();
    await until(() => mesh.log.length > 0);
    assert.equal(mesh.log[0]?.requestBytes, 1_000);
    assert.equal(mesh.log[0]?.responseBytes, 5);
  });

  it('records every request of a pipeline whose caller goes away', async () => {
    mesh = testInbound('DISABLE');
    let served = 0;
    const { port } = await mesh.listen(() => void served++);
    const caller = connect(port, '127.0.0.1');
    caller.write('GET /1 HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(3));
    await until(() => served === 3);
    caller.destroy();
    await until(() => mesh.log.length === 3);
    assert.deepEqual(
      mesh.log.map(({ flags, status }) => `${flags} ${status}`),
      ['DC 0', 'DC 0', 'DC 0'],
    );
  });

  it('ends a deadline with its request: nothing stays on the wheel', async () => {
    const clock = fakeClock(systemClock.wallNow());
    mesh = testInbound('STRICT', { clock });
    const { port } = await mesh.listen((_request, response) => void response.end());
    const agent = new Agent({ keepAlive: false, maxCachedSessions: 0 });
    await meshGet(port, mesh.authority.svid('productpage'), { agent, headers: { 'x-envoy-expected-rq-timeout-ms': '60000' } });
    await until(() => mesh.log.length > 0);
    clock.advance(20); // the wheel's own turn
    await until(() => clock.pending === 0);
  });

  it('takes no deadline over with the defaults of Istio', async () => {
    mesh = testInbound('STRICT', { defaults: 'istio' });
    const { port } = await mesh.listen(
      (_request, response) => void response.end(String(mesh.inbound.current()?.deadline === undefined)),
    );
    const headers = { 'x-envoy-expected-rq-timeout-ms': '5000' };
    assert.equal((await meshGet(port, mesh.authority.svid('productpage'), { headers })).body, 'true');
  });

  it('shows an upgraded connection who called, and records it when it ends', async () => {
    mesh = testInbound('STRICT');
    const { server, port } = await mesh.listen(() => {});
    let seen: unknown;
    server.on('upgrade', (request, socket) => {
      seen = [mesh.inbound.current()?.principal?.serviceAccount, request.headers['x-forwarded-client-cert'] !== undefined];
      socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
    });
    const { certificatePem, privateKeyPem } = mesh.authority.svid('productpage');
    const caller = request({
      host: '127.0.0.1',
      port,
      rejectUnauthorized: false,
      cert: certificatePem,
      key: privateKeyPem,
      headers: { connection: 'upgrade', upgrade: 'echo' },
      agent: false,
    }).end();
    const [, socket] = (await once(caller, 'upgrade')) as [unknown, Socket];
    socket.resume().end();
    await until(() => mesh.log.length > 0);
    assert.deepEqual(seen, ['productpage', true]);
    assert.equal(mesh.log[0]?.status, 101);
    assert.equal(mesh.log[0]?.flags, '-');
  });

  it('passes CONNECT on in context', async () => {
    mesh = testInbound('DISABLE');
    const { server, port } = await mesh.listen(() => {});
    server.on(
      'connect',
      (_request, socket) => void socket.end(`HTTP/1.1 200 ${mesh.inbound.current() ? 'in-context' : 'lost'}\r\n\r\n`),
    );
    const caller = connect(port, '127.0.0.1');
    caller.write('CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n');
    const [answer] = (await once(caller, 'data')) as [Buffer];
    assert.match(answer.toString(), /200 in-context/);
  });

  it('counts a request once that a checkContinue listener passes on', async () => {
    mesh = testInbound('DISABLE');
    const { server, port } = await mesh.listen((_request, response) => void response.end(mesh.inbound.current()?.requestId));
    server.on('checkContinue', (request, response) => {
      response.writeContinue();
      server.emit('request', request, response);
    });
    const answer = await plainGet(port, { expect: '100-continue' });
    assert.match(answer.body, /^[0-9a-f-]{36}$/);
    await until(() => mesh.log.length > 0);
    assert.equal(mesh.log.length, 1);
  });
});
