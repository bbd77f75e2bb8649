import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Server } from 'node:http';
import { connect } from 'node:tls';
import type { InboundListener } from '../src/inbound.ts';
import { plainGet, type TestInbound, testInbound } from './kit.ts';

let mesh: TestInbound;

describe('meshServer', () => {
  afterEach(() => mesh.close());

  it('is a real http.Server that publishes its logical port', async () => {
    const listeners: InboundListener[] = [];
    mesh = testInbound('DISABLE', { onListening: (listener) => void listeners.push(listener) });
    const server = mesh.inbound.createServer(
      { servicePort: 9080, portName: 'http-web' },
      (_request, response) => void response.end(),
    );
    assert.ok(server instanceof Server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const [listener] = listeners;
    assert.equal(listener?.server, server);
    assert.deepEqual(listener?.bound, server.address());
    assert.equal(listener?.servicePort, 9080);
    assert.equal(listener?.portName, 'http-web');
  });

  it('publishes the bound port where no other is given', async () => {
    const ports: number[] = [];
    mesh = testInbound('DISABLE', { onListening: ({ servicePort }) => void ports.push(servicePort) });
    const { port } = await mesh.listen(() => {});
    assert.deepEqual(ports, [port]);
  });

  it('answers 431 to a header that is too large', async () => {
    mesh = testInbound('DISABLE');
    const { port } = await mesh.listen((_request, response) => void response.end());
    assert.equal((await plainGet(port, { 'x-large': 'x'.repeat(60 * 1024) })).status, 431);
    assert.equal((await plainGet(port, { 'x-large': 'x'.repeat(50 * 1024) })).status, 200);
  });

  it('closes half a header over TLS', async () => {
    mesh = testInbound('STRICT', { limits: { headersTimeoutMs: 100 } });
    const { port } = await mesh.listen((_request, response) => void response.end());
    const { certificatePem: cert, privateKeyPem: key } = mesh.authority.svid('productpage');
    const slow = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, cert, key });
    slow.write('GET / HTTP/1.1\r\nhost');
    const [answer] = (await once(slow, 'data')) as [Buffer];
    assert.match(answer.toString(), /^HTTP\/1\.1 408/);
  });

  it('hands requests to whoever listens, also later', async () => {
    mesh = testInbound('DISABLE');
    const { server, port } = await mesh.listen(() => {});
    server.on('request', (_request, response) => void response.end(mesh.inbound.current() ? 'in context' : 'lost'));
    assert.equal((await plainGet(port)).body, 'in context');
  });
});
