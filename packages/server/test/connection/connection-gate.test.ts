import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import { systemClock } from '@lateen/core';
import type { Svid } from '@lateen/identity';
import { testAuthority } from '@lateen/identity/testing';
import { meshGet, plainGet, type TestInbound, testInbound } from '../kit.ts';

let mesh: TestInbound;

const HOUR = 3_600_000;

describe('ConnectionGate', () => {
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

  it('DISABLE: serves plaintext, and mTLS peers that have not heard of it yet', async () => {
    mesh = testInbound('DISABLE');
    const { port } = await mesh.listen((_request, response) => void response.end('served'));
    assert.equal((await plainGet(port)).body, 'served');
    assert.equal((await meshGet(port, mesh.authority.svid('productpage'))).body, 'served');
  });

  it('without an identity serves plaintext, and nobody under STRICT', async () => {
    mesh = testInbound('DISABLE', { identity: undefined });
    const { port } = await mesh.listen((_request, response) => void response.end('plain'));
    assert.equal((await plainGet(port)).body, 'plain');
    mesh.mode.set('STRICT');
    await assert.rejects(plainGet(port), /ECONNRESET|socket hang up/);
  });

  const now = systemClock.wallNow();
  const foreign = testAuthority(now);
  const otherDomain = testAuthority(now, 'other.example');
  for (const [title, svidOf] of [
    ['no certificate', () => undefined],
    ['a certificate without a URI', () => mesh.authority.certificate({ extensions: [] })],
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
    mesh = testInbound('PERMISSIVE');
    const svid = mesh.identity.value;
    mesh.identity.set(undefined);
    const { port } = await mesh.listen((_request, response) => void response.end('ready'));
    await assert.rejects(meshGet(port, mesh.authority.svid('productpage')));
    await assert.rejects(plainGet(port));
    mesh.identity.set(svid);
    assert.equal((await meshGet(port, mesh.authority.svid('productpage'))).body, 'ready');
  });

  it('closes what stays silent, and half a handshake', async () => {
    mesh = testInbound('STRICT', { limits: { handshakeTimeoutMs: 100 } });
    const { port } = await mesh.listen((_request, response) => void response.end());
    const silent = connect(port, '127.0.0.1');
    const half = connect(port, '127.0.0.1');
    half.write(Buffer.from([0x16, 0x03, 0x01]));
    await Promise.all([once(silent.resume(), 'close'), once(half.resume(), 'close')]);
  });

  it('shows a renewed certificate to the next connection', async () => {
    mesh = testInbound('STRICT');
    const { port } = await mesh.listen((_request, response) => void response.end());
    const client = mesh.authority.svid('productpage');
    const shown = async (): Promise<string> => {
      const socket = connectTls(port, client);
      await once(socket, 'secureConnect');
      const { serialNumber } = socket.getPeerX509Certificate() as { serialNumber: string };
      socket.destroy();
      return serialNumber.toLowerCase();
    };
    const before = await shown();
    mesh.identity.set(mesh.authority.svid('reviews'));
    assert.notEqual(await shown(), before);
  });

  it('survives clients that reset in the middle of a handshake or right after it', async () => {
    mesh = testInbound('STRICT');
    const { port } = await mesh.listen((_request, response) => void response.end('alive'));
    const client = mesh.authority.svid('productpage');
    for (let i = 0; i < 10; i++) {
      const raw = connect(port, '127.0.0.1');
      await once(raw, 'connect');
      const secured = connectTls(port, client, raw);
      if (i % 2 === 0) await once(secured, 'secureConnect');
      raw.resetAndDestroy();
    }
    assert.equal((await meshGet(port, client)).body, 'alive');
  });

  it('tells of refused peers', async () => {
    const told: string[] = [];
    mesh = testInbound('STRICT', { events: { emit: (name, event) => void told.push(`${name} ${JSON.stringify(event)}`) } });
    const { port } = await mesh.listen((_request, response) => void response.end());
    await assert.rejects(plainGet(port));
    assert.match(told.join(), /^peer \{"direction":"inbound","address":"127\.0\.0\.1:\d+","reason":"spoke plaintext/);
  });

  it('lets go of connections that are not through yet when it closes', async () => {
    mesh = testInbound('STRICT', { limits: { handshakeTimeoutMs: 3_600_000 } });
    const { port } = await mesh.listen((_request, response) => void response.end());
    const silent = connect(port, '127.0.0.1').resume();
    await once(silent, 'connect');
    await new Promise((resolve) => setImmediate(resolve));
    mesh.close();
    await once(silent, 'close');
  });
});

function connectTls(port: number, { certificatePem, privateKeyPem }: Svid, socket?: Socket): TLSSocket {
  const secured = tlsConnect({
    ...(socket ? { socket } : { port, host: '127.0.0.1' }),
    rejectUnauthorized: false,
    cert: certificatePem,
    key: privateKeyPem,
  });
  return secured.on('error', () => {});
}
