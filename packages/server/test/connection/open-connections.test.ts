import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent } from 'node:https';
import { systemClock } from '@lateen/core';
import { fakeClock } from '@lateen/core/testing';
import { testAuthority } from '@lateen/identity/testing';
import { meshGet, type TestInbound, testInbound, until } from '../kit.ts';

const MINUTE = 60_000;
let mesh: TestInbound;
let agent: Agent;

describe('OpenConnections', () => {
  beforeEach(() => void (agent = new Agent({ keepAlive: true, maxSockets: 1, maxCachedSessions: 0 })));
  afterEach(() => {
    agent.destroy();
    mesh.close();
  });

  it('asks peers to leave at 80 % of the shorter certificate', async () => {
    const clock = fakeClock(systemClock.wallNow());
    mesh = testInbound('STRICT', { clock });
    const { port } = await mesh.listen((_request, response) => void response.end('x'));
    const svid = mesh.authority.svid('productpage', { notAfter: clock.wallNow() + 10 * MINUTE });
    assert.equal((await meshGet(port, svid, { agent })).headers.connection, 'keep-alive');
    clock.advance(7.9 * MINUTE);
    assert.equal((await meshGet(port, svid, { agent })).headers.connection, 'keep-alive');
    clock.advance(0.2 * MINUTE);
    assert.equal((await meshGet(port, svid, { agent })).headers.connection, 'close');
  });

  it('cuts at the end of the certificate, in the middle of an answer, and says that it was us', async () => {
    const clock = fakeClock(systemClock.wallNow());
    mesh = testInbound('STRICT', { clock });
    let begun = false;
    const { port } = await mesh.listen((_request, response) => void (begun = response.write('begun')));
    const cut = assert.rejects(
      meshGet(port, mesh.authority.svid('productpage', { notAfter: clock.wallNow() + 10 * MINUTE })),
      /aborted|ECONNRESET|hang up/,
    );
    await until(() => begun);
    clock.advance(10 * MINUTE);
    await cut;
    await until(() => mesh.log.length > 0);
    assert.equal(mesh.log[0]?.flags, 'LR');
    assert.match(await mesh.metrics.text(), /lateen_inbound_cut_total\{reason="certificate_ended"\} 1/);
  });

  it('keeps a connection whose certificate outlives the longest timer', async () => {
    const clock = fakeClock(systemClock.wallNow());
    const capped = {
      ...clock,
      setTimeout: (callback: () => void, ms: number) => clock.setTimeout(callback, Math.min(ms, MINUTE)),
    };
    mesh = testInbound('STRICT', { clock: capped });
    const { port } = await mesh.listen((_request, response) => void response.end('x'));
    const svid = mesh.authority.svid('productpage', { notAfter: clock.wallNow() + 10 * MINUTE });
    await meshGet(port, svid, { agent });
    const [socket] = Object.values(agent.freeSockets).flat();
    clock.advance(9 * MINUTE);
    await meshGet(port, svid, { agent });
    assert.equal(socket?.destroyed, false);
    clock.advance(MINUTE);
    await once(socket as NonNullable<typeof socket>, 'close');
  });

  it('ends those whose authority is no longer trusted, and no others', async () => {
    mesh = testInbound('STRICT');
    const other = testAuthority(systemClock.wallNow(), 'other.example');
    const both = new Map([...mesh.authority.bundles, ...other.bundles]);
    mesh.bundles.set(both);
    const { port } = await mesh.listen((_request, response) => void response.end('x'));
    const stays = new Agent({ keepAlive: true, maxCachedSessions: 0 });
    await meshGet(port, other.svid('visitor'), { agent });
    await meshGet(port, mesh.authority.svid('productpage'), { agent: stays });
    const [leaving] = Object.values(agent.freeSockets).flat();
    const [staying] = Object.values(stays.freeSockets).flat();
    mesh.bundles.set(mesh.authority.bundles);
    await once(leaving as NonNullable<typeof leaving>, 'close');
    assert.equal((await meshGet(port, mesh.authority.svid('productpage'), { agent: stays })).body, 'x');
    assert.equal(staying?.destroyed, false);
    stays.destroy();
  });
});
