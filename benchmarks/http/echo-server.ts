// A plain node server in a process of its own: a 200-byte JSON answer over HTTP/1.1, plaintext or TLS 1.3 with a client certificate.
// Told what to be over IPC, tells its port back.
import { createServer as createPlain, type RequestListener } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface EchoServerOrder {
  /** PEM; absent: plaintext. */
  readonly cert?: string;
  readonly key?: string;
}

const BODY = Buffer.from(JSON.stringify({ id: 0, reviews: 'x'.repeat(180) }));
const answer: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length });
  response.end(BODY);
};

process.once('message', (order: EchoServerOrder) => {
  const tls = { minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false } as const;
  const server = order.cert ? createTls({ ...tls, cert: order.cert, key: order.key }, answer) : createPlain(answer);
  server.keepAliveTimeout = 65_000;
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
});
process.once('disconnect', () => process.exit(0));
