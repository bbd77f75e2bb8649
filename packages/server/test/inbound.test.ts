import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { systemClock } from '@lateen/core';
import { testAuthority } from '@lateen/identity/testing';
import { meshGet, plainGet, type TestInbound, testInbound } from './kit.ts';

let mesh: TestInbound;

const HOUR = 3_600_000;

async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 5_000 && !holds(); turns++) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(holds(), 'it did not come to pass');
}

describe('createInbound, the gate', () => {
  afterEach(() => mesh.close());

  it('STRICT: closes plaintext without an answer, counts it, and serves mTLS on the same port', async () => {
    mesh = testInbound('STRICT');
    const { port } = await mesh.listen((_request, response) => void response.end('hello'));
    await assert.rejects(plainGet(port), /ECONNRESET|socket hang up/);
    const answer = await meshGet(port, mesh.authority.svid('productpage'));
    assert.equal(answer.body, 'hello');
    const exposition = await mesh.metrics.text();
    assert.match(exposition, /lateen_inbound_refused_total\{reason="plaintext"\} 1/);
    assert.match(
      exposition,
      /istio_requests_total\{reporter="destination",source_workload="productpage".*response_code="200".*connection_security_policy="mutual_tls"\} 1/,
    );
  });

  it('PERMISSIVE: serves both, and closes live plaintext connections when it turns STRICT', async () => {
    mesh = testInbound('PERMISSIVE');
    const { port } = await mesh.listen(
      (request, response) => void response.end(mesh.inbound.current()?.principal?.id ?? `plaintext ${request.httpVersion}`),
    );
    assert.equal((await plainGet(port)).body, 'plaintext 1.1');
    assert.equal(
      (await meshGet(port, mesh.authority.svid('productpage'))).body,
      'spiffe://cluster.local/ns/default/sa/productpage',
    );
    const idle = connect(port, '127.0.0.1');
    idle.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(idle, 'data');
    mesh.mode.set('STRICT');
    await once(idle, 'close');
  });

  it('DISABLE: serves plaintext at once', async () => {
    mesh = testInbound('DISABLE');
    const { port } = await mesh.listen((_request, response) => void response.end('plain'));
    assert.equal((await plainGet(port)).body, 'plain');
  });

  const now = systemClock.wallNow();
  const foreign = testAuthority(now);
  const otherDomain = testAuthority(now, 'other.example');
  for (const [title, svidOf] of [
    ['no certificate', () => undefined],
    ['a certificate of another CA', () => foreign.svid('productpage')],
    ['a foreign trust domain', () => otherDomain.svid('productpage')],
    [
      'an expired certificate',
      () => mesh.authority.certificate({ serviceAccount: 'productpage', notBefore: now - 2 * HOUR, notAfter: now - HOUR }),
    ],
    [
      'a certificate that is not valid yet',
      () => mesh.authority.certificate({ serviceAccount: 'productpage', notBefore: now + HOUR, notAfter: now + 2 * HOUR }),
    ],
  ] as const) {
    it(`refuses ${title} before a request is read`, async () => {
      mesh = testInbound('STRICT');
      let served = 0;
      const { port } = await mesh.listen((_request, response) => void response.end(String(served++)));
      await assert.rejects(meshGet(port, svidOf()));
      assert.equal(served, 0);
    });
  }

  it('refuses TLS 1.2', async () => {
    mesh = testInbound('STRICT');
    const { port } = await mesh.listen((_request, response) => void response.end());
    await assert.rejects(meshGet(port, mesh.authority.svid('productpage'), { maxVersion: 'TLSv1.2' }), /protocol|alert/i);
  });

  it('closes connections while there is no certificate yet, and serves the next one after it came', async () => {
    mesh = testInbound('STRICT');
    const svid = mesh.identity.value;
    mesh.identity.set(undefined);
    const { port } = await mesh.listen((_request, response) => void response.end('ready'));
    await assert.rejects(meshGet(port, mesh.authority.svid('productpage')));
    mesh.identity.set(svid);
    assert.equal((await meshGet(port, mesh.authority.svid('productpage'))).body, 'ready');
  });

  it('cuts a connection at the end of the peer certificate', async () => {
    mesh = testInbound('STRICT');
    const { port } = await mesh.listen((_request, response) => void response.write('begun'));
    const short = mesh.authority.svid('productpage', { notBefore: now - HOUR, notAfter: systemClock.wallNow() + 400 });
    await assert.rejects(meshGet(port, short), /aborted|ECONNRESET|hang up/);
  });

  it('closes what stays silent, and half a handshake', async () => {
    mesh = testInbound('STRICT', { limits: { handshakeTimeoutMs: 100 } });
    const { port } = await mesh.listen((_request, response) => void response.end());
    const silent = connect(port, '127.0.0.1');
    const half = connect(port, '127.0.0.1');
    half.write(Buffer.from([0x16, 0x03, 0x01]));
    await Promise.all([once(silent.resume(), 'close'), once(half.resume(), 'close')]);
  });
});

describe('createInbound, a request', () => {
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
    assert.ok((mesh.log[0]?.responseBytes as number) > 0);
  });
});

describe('createInbound, drain', () => {
  afterEach(() => mesh.close());

  it('answers what is in flight, asks connections to close, then accepts nobody', async () => {
    mesh = testInbound('STRICT');
    let answer: (() => void) | undefined;
    const { port } = await mesh.listen((_request, response) => void (answer = () => void response.end('done')));
    const agent = new Agent({ keepAlive: true, maxCachedSessions: 0 });
    const slow = meshGet(port, mesh.authority.svid('productpage'), { agent });
    await until(() => answer !== undefined);
    const drained = mesh.inbound.drain({ timeoutMs: 5_000 });
    answer?.();
    const { body, headers } = await slow;
    assert.equal(body, 'done');
    assert.equal(headers.connection, 'close');
    await drained;
    await assert.rejects(meshGet(port, mesh.authority.svid('productpage')), /ECONNREFUSED/);
    agent.destroy();
  });

  it('cuts what does not end in time', async () => {
    mesh = testInbound('DISABLE');
    let begun = false;
    const { port } = await mesh.listen(() => void (begun = true));
    const stuck = plainGet(port);
    await until(() => begun);
    await Promise.all([assert.rejects(stuck), mesh.inbound.drain({ timeoutMs: 50 })]);
  });
});

describe('accept', () => {
  afterEach(() => mesh.close());

  it("follows the requests of a server that is not the mesh's, and refuses them under STRICT", async () => {
    mesh = testInbound('PERMISSIVE');
    const { createServer } = await import('node:http');
    const server = createServer((request, response) =>
      mesh.inbound.accept(request, response, () => void response.end(mesh.inbound.current()?.requestId)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    assert.match((await plainGet(port)).body, /^[0-9a-f-]{36}$/);
    mesh.mode.set('STRICT');
    const refused = await plainGet(port).catch((error: Error) => error);
    if (!(refused instanceof Error)) assert.equal(refused.status, 403);
    server.close();
  });
});
