import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { systemClock } from '@lateen/core';
import { fakeClock } from '@lateen/core/testing';
import { meshGet, plainGet, type TestInbound, testInbound, until } from './kit.ts';

let mesh: TestInbound;

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

  it('goes on answering on connections that a peer still uses, and asks it to leave', async () => {
    mesh = testInbound('DISABLE');
    const { port } = await mesh.listen((_request, response) => void response.end('x'));
    const caller = connect(port, '127.0.0.1').setEncoding('utf8');
    caller.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    assert.match((await once(caller, 'data'))[0], /keep-alive/);
    const drained = mesh.inbound.drain({ timeoutMs: 5_000 });
    caller.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    assert.match((await once(caller, 'data'))[0], /connection: close/i);
    await drained;
  });

  it('does not wait for idle connections, nor for those that never asked for anything', async () => {
    const clock = fakeClock(systemClock.wallNow());
    mesh = testInbound('DISABLE', { clock });
    const { port } = await mesh.listen((_request, response) => void response.end('x'));
    const idle = connect(port, '127.0.0.1');
    idle.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(idle, 'data');
    const mute = connect(port, '127.0.0.1').resume();
    await once(mute, 'connect');
    const drained = mesh.inbound.drain({ timeoutMs: 3_600_000 });
    await clock.advanceAsync(1_500);
    await drained;
  });

  it('ends a connection whose answer had begun before as soon as that answer is complete', async () => {
    mesh = testInbound('DISABLE');
    let finish: (() => void) | undefined;
    const { port } = await mesh.listen((_request, response) => {
      response.write('begun ');
      finish = () => void response.end('done');
    });
    const caller = connect(port, '127.0.0.1').setEncoding('utf8');
    let received = '';
    caller.on('data', (chunk: string) => void (received += chunk));
    caller.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await until(() => received.includes('begun'));
    const drained = mesh.inbound.drain({ timeoutMs: 60_000 });
    finish?.();
    await drained;
    assert.match(received, /done/);
  });
});

describe('createInbound, accept', () => {
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
    assert.equal((await plainGet(port)).status, 403);
    assert.match(await mesh.metrics.text(), /lateen_inbound_refused_total\{reason="plaintext"\} 1/);
    server.close();
  });
});
