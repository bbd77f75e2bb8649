import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connect, createSecureContext, TLSSocket, type ConnectionOptions } from 'node:tls';
import { once } from 'node:events';
import { systemClock } from '@lateen/core';
import { checkPeerSocket } from '../../src/peer/check-peer-socket.ts';
import type { PeerCheck } from '../../src/peer/check-peer.ts';
import type { Svid } from '../../src/svid.ts';
import { acceptTls } from '../../src/svid/accept-tls.ts';
import { clientTlsOptions } from '../../src/svid/tls-options.ts';
import { testAuthority } from '../../src/testing.ts';
import type { TrustBundles } from '../../src/trust-bundle.ts';

const NOW = Date.now();
const authority = testAuthority(NOW);
const reviews = authority.svid('reviews');
const productpage = authority.svid('productpage');
const REVIEWS = 'spiffe://cluster.local/ns/default/sa/reviews';

interface Listener {
  readonly port: number;
  /** The verdict on the next client. */
  next(): Promise<PeerCheck>;
  readonly server: Server;
}

/** A server that looks at the first byte, puts it back, wraps and judges, as the mesh's listener does. */
async function listen(svid: () => Svid, bundles: TrustBundles = authority.bundles, nowWallMs = NOW): Promise<Listener> {
  const verdicts: ((check: PeerCheck) => void)[] = [];
  const judge = async (socket: Socket): Promise<void> => {
    await once(socket, 'readable');
    const first = socket.read() as Buffer;
    assert.equal(first[0], 0x16);
    socket.unshift(first);
    const secured = await acceptTls(socket, { svid: svid(), alpnProtocols: ['http/1.1'], clock: systemClock });
    const check = checkPeerSocket(secured, { bundles, nowWallMs, direction: 'inbound' });
    verdicts.shift()?.(check);
    if (check.ok) secured.end(`hello over ${secured.alpnProtocol}`);
    else secured.destroy();
  };
  const server = createServer((socket) => {
    socket.on('error', () => {});
    judge(socket).catch(() => {});
  });
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, next: () => new Promise((resolve) => verdicts.push(resolve)) };
}

function dial(port: number, options: ConnectionOptions): TLSSocket {
  const socket = connect({ host: '127.0.0.1', port, ...options });
  socket.on('error', () => {});
  return socket;
}

async function textOf(socket: TLSSocket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

describe('checkPeerSocket', () => {
  const listeners: Server[] = [];
  const started = async (...args: Parameters<typeof listen>): Promise<Listener> => {
    const listener = await listen(...args);
    listeners.push(listener.server);
    return listener;
  };
  afterEach(() => {
    for (const server of listeners.splice(0)) server.close();
  });

  it('knows both ends of a good connection, over bytes that were looked at before', async () => {
    const listener = await started(() => reviews);
    const verdict = listener.next();
    const client = dial(listener.port, clientTlsOptions(productpage, ['http/1.1']));
    await once(client, 'secureConnect');
    const server = checkPeerSocket(client, {
      bundles: authority.bundles,
      nowWallMs: NOW,
      direction: 'outbound',
      expectedIds: new Set([REVIEWS]),
    });
    assert.ok(server.ok);
    assert.equal(server.principal.id, REVIEWS);
    const peer = await verdict;
    assert.ok(peer.ok);
    assert.equal(peer.principal.serviceAccount, 'productpage');
    assert.equal(await textOf(client), 'hello over http/1.1');
  });

  it('refuses a server with a valid certificate of another service before anything is sent', async () => {
    const listener = await started(() => authority.svid('ratings'));
    const client = dial(listener.port, clientTlsOptions(productpage, ['http/1.1']));
    await once(client, 'secureConnect');
    const options = {
      bundles: authority.bundles,
      nowWallMs: NOW,
      direction: 'outbound',
      expectedIds: new Set([REVIEWS]),
    } as const;
    const check = checkPeerSocket(client, options);
    assert.deepEqual([check.ok, check.ok || check.reason], [false, 'unexpected_id']);
    client.destroy();
  });

  it('refuses a client without a certificate', async () => {
    const listener = await started(() => reviews);
    const verdict = listener.next();
    dial(listener.port, { rejectUnauthorized: false, minVersion: 'TLSv1.3', ALPNProtocols: ['http/1.1'] });
    const check = await verdict;
    assert.equal(check.ok || check.reason, 'no_certificate');
  });

  const clients: Record<string, readonly [string, () => Svid]> = {
    'of another authority': ['unknown_authority', () => testAuthority(NOW).svid('productpage')],
    'of a foreign trust domain': ['unknown_trust_domain', () => testAuthority(NOW, 'elsewhere').svid('productpage')],
    'that ended': ['expired', () => authority.svid('productpage', { notBefore: NOW - 7_200_000, notAfter: NOW - 3_600_000 })],
    'that has not begun': [
      'not_yet_valid',
      () => authority.svid('productpage', { notBefore: NOW + 3_600_000, notAfter: NOW + 7_200_000 }),
    ],
  };
  for (const [what, [reason, svid]] of Object.entries(clients)) {
    it(`refuses a client with a certificate ${what}`, async () => {
      const listener = await started(() => reviews);
      const verdict = listener.next();
      const client = dial(listener.port, clientTlsOptions(svid(), ['http/1.1']));
      const check = await verdict;
      assert.equal(check.ok || check.reason, reason);
      assert.equal(await textOf(client).catch(() => ''), '');
    });
    it(`refuses a server with a certificate ${what}`, async () => {
      const listener = await started(svid);
      const client = dial(listener.port, clientTlsOptions(productpage, ['http/1.1']));
      await once(client, 'secureConnect');
      const check = checkPeerSocket(client, { bundles: authority.bundles, nowWallMs: NOW, direction: 'outbound' });
      assert.equal(check.ok || check.reason, reason);
      client.destroy();
    });
  }

  it('shows a renewed certificate to new connections, with no new listener', async () => {
    let shown = reviews;
    const listener = await started(() => shown);
    const serialSeen = async (): Promise<string | undefined> => {
      const client = dial(listener.port, clientTlsOptions(productpage, ['http/1.1']));
      await once(client, 'secureConnect');
      const serial = client.getPeerX509Certificate()?.serialNumber.toLowerCase();
      client.destroy();
      return serial;
    };
    assert.equal(await serialSeen(), reviews.serial);
    shown = authority.svid('reviews');
    assert.equal(await serialSeen(), shown.serial);
  });

  it('never resumes a session, though the client keeps what the server sends', async () => {
    const listener = await started(() => reviews);
    const first = dial(listener.port, clientTlsOptions(productpage, ['http/1.1']));
    const sessions: Buffer[] = [];
    first.on('session', (session: Buffer) => sessions.push(session));
    await textOf(first);
    assert.ok(sessions.length > 0);
    for (const session of sessions) {
      const verdict = listener.next();
      const again = dial(listener.port, { ...clientTlsOptions(productpage, ['http/1.1']), session });
      const check = await verdict;
      assert.ok(check.ok);
      assert.equal(again.isSessionReused(), false);
      await textOf(again);
    }
  });

  it('refuses a resumed session where a server allows it', async () => {
    const plain = createSecureContext({ cert: reviews.certificatePem, key: reviews.privateKeyPem, sessionIdContext: 'test' });
    const server = createServer((socket) => {
      const secured = new TLSSocket(socket, {
        isServer: true,
        secureContext: plain,
        requestCert: true,
        rejectUnauthorized: false,
      });
      secured.on('error', () => {}).on('secure', () => secured.end('x'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    listeners.push(server);
    const { port } = server.address() as AddressInfo;
    const options = clientTlsOptions(productpage, ['http/1.1']);
    const first = dial(port, options);
    let session: Buffer | undefined;
    first.on('session', (value: Buffer) => (session = value));
    await textOf(first);
    const again = dial(port, { ...options, session });
    await once(again, 'secureConnect');
    const check = checkPeerSocket(again, { bundles: authority.bundles, nowWallMs: NOW, direction: 'outbound' });
    assert.equal(check.ok || check.reason, 'resumed_session');
    again.destroy();
  });

  it('refuses a server that speaks TLS 1.2 only', async () => {
    const old = createSecureContext({ cert: reviews.certificatePem, key: reviews.privateKeyPem, maxVersion: 'TLSv1.2' });
    const server = createServer((socket) => {
      new TLSSocket(socket, { isServer: true, secureContext: old }).on('error', () => {});
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    listeners.push(server);
    const client = connect({
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      ...clientTlsOptions(productpage, ['http/1.1']),
    });
    const [error] = await once(client, 'error');
    assert.match(String(error.code), /PROTOCOL/);
  });
});
