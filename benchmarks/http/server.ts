// A process of its own: answers 200 bytes of JSON on as many ports as it is told, in plaintext or mTLS, and swallows traces.
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What the parent sends. */
export interface ServerOrder {
  readonly ports: number;
  readonly credentials?: { readonly certificatePem: string; readonly privateKeyPem: string; readonly authorityPem: string };
}

const BODY = JSON.stringify({ id: 0, reviews: [{ reviewer: 'Reviewer1', text: 'x'.repeat(130) }] }).padEnd(200);

const answer: RequestListener = (request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length });
  response.end(BODY);
};

function open({ credentials }: ServerOrder): Promise<number> {
  const settings = { keepAliveTimeout: 60_000 };
  const server = credentials
    ? (createTlsServer(
        {
          ...settings,
          cert: credentials.certificatePem,
          key: credentials.privateKeyPem,
          ca: credentials.authorityPem,
          requestCert: true,
          minVersion: 'TLSv1.3',
        },
        answer,
      ) as unknown as Server)
    : createServer(settings, answer);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

process.once('message', (order: ServerOrder) => {
  void Promise.all(Array.from({ length: order.ports }, () => open(order))).then((ports) => process.send?.(ports));
});
process.on('disconnect', () => process.exit(0));
