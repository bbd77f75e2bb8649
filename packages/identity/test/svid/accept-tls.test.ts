import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { type Clock, systemClock } from '@lateen/core';
import { fakeClock } from '@lateen/core/testing';
import { acceptTls } from '../../src/svid/accept-tls.ts';
import { testAuthority } from '../../src/testing.ts';

const svid = testAuthority(Date.now()).svid('reviews');

describe('acceptTls', () => {
  let server: Server;
  let accepted: Promise<Socket>;
  let port: number;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    accepted = once(server, 'connection').then(([socket]) => socket as Socket);
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => server.close());

  const accept = async (clock: Clock = systemClock) => acceptTls(await accepted, { svid, alpnProtocols: ['http/1.1'], clock });

  it('refuses TLS 1.2', async () => {
    connect({ host: '127.0.0.1', port, maxVersion: 'TLSv1.2', rejectUnauthorized: false }).on('error', () => {});
    await assert.rejects(accept(), { code: 'LATEEN_PEER_REFUSED', message: /protocol/i });
  });

  it('refuses a client that wants another protocol only', async () => {
    connect({ host: '127.0.0.1', port, ALPNProtocols: ['h2'], rejectUnauthorized: false }).on('error', () => {});
    await assert.rejects(accept(), { code: 'LATEEN_PEER_REFUSED' });
  });

  it('refuses what is no TLS', async () => {
    connectTcp(port, '127.0.0.1')
      .on('error', () => {})
      .write('GET / HTTP/1.1\r\n\r\n');
    await assert.rejects(accept(), { code: 'LATEEN_PEER_REFUSED' });
  });

  it('refuses a client that goes away within the handshake', async () => {
    const client = connectTcp(port, '127.0.0.1');
    const accepting = accept();
    client.on('connect', () => client.end(Buffer.from('160301', 'hex')));
    await assert.rejects(accepting, { code: 'LATEEN_PEER_REFUSED' });
  });

  it('cuts a silent client off after the handshake timeout', async () => {
    const clock = fakeClock();
    const client = connectTcp(port, '127.0.0.1').on('error', () => {});
    const socket = await accepted;
    const accepting = acceptTls(socket, { svid, alpnProtocols: ['http/1.1'], clock });
    clock.advance(2999);
    assert.equal(socket.destroyed, false);
    clock.advance(1);
    await assert.rejects(accepting, { code: 'LATEEN_PEER_REFUSED', message: /no TLS handshake within 3000 ms/ });
    assert.equal(socket.destroyed, true);
    client.destroy();
  });

  it('leaves no timer behind', async () => {
    const clock = fakeClock();
    const client = connect({ host: '127.0.0.1', port, ALPNProtocols: ['http/1.1'], rejectUnauthorized: false });
    client.on('error', () => {});
    const secured = await accept(clock);
    assert.equal(clock.pending, 0);
    secured.destroy();
  });
});
