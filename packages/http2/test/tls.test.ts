import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import http2 from 'node:http2';
import { type AddressInfo, Socket } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import 'reflect-metadata';
import { cryptoProvider, X509CertificateGenerator } from '@peculiar/x509';
import { systemClock } from '@lateen/core';
import { ClientSession, connectionSocketOf, ServerSession } from '../src/index.ts';
import { Heard } from './support/client-under-test.ts';

interface Credentials {
  readonly cert: string;
  readonly key: string;
}

/** Signed by itself, made for this test. */
async function credentials(name: string): Promise<Credentials> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  cryptoProvider.set(webcrypto as never);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys: keys as never,
    signingAlgorithm: algorithm,
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey as never)).toString('base64');
  return { cert: certificate.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n` };
}

describe('ServerSession over TLS', () => {
  it('shows the connection, its addresses and certificates on the socket of every request', async () => {
    const [own, peer] = await Promise.all([credentials('reviews'), credentials('productpage')]);
    const shown: unknown[] = [];
    const server = createServer(
      { ...own, ca: peer.cert, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3', ALPNProtocols: ['h2'] },
      (connection) => {
        const session = new ServerSession(connection, {
          clock: systemClock,
          onRequest(request, response) {
            const socket = request.socket as TLSSocket;
            shown.push(socket.encrypted, socket.getPeerCertificate().subject?.CN, socket.alpnProtocol, socket.remoteAddress);
            shown.push(socket instanceof Socket, connectionSocketOf(socket) === connection, socket.getProtocol());
            response.end(session.streams.size.toString());
          },
        });
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = connect({
      ...peer,
      host: '127.0.0.1',
      port,
      ca: own.cert,
      ALPNProtocols: ['h2'],
      checkServerIdentity: () => undefined,
    });
    await once(socket, 'secureConnect');
    const session = new ClientSession(socket, { clock: systemClock, authority: 'reviews' });
    const heard = new Heard();
    session.dispatch({ path: '/', method: 'POST', body: Buffer.alloc(300_000) }, heard);
    await heard.settled;
    assert.deepEqual([heard.told.at(-1), session.head.scheme], ['end', 'https']);
    assert.deepEqual(shown.splice(0), [true, 'productpage', 'h2', '127.0.0.1', true, true, 'TLSv1.3']);
    await session.drain();
    const node = http2.connect(`https://127.0.0.1:${port}`, { ca: own.cert, checkServerIdentity: () => undefined });
    const call = node.request({ ':path': '/' });
    await once(call, 'response');
    assert.deepEqual(shown.slice(0, 2), [true, undefined]);
    node.destroy();
    server.close();
  });
});
