import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Svid } from '@lateen/identity';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A real server on loopback that remembers what it was asked. */
export interface Backend {
  readonly port: number;
  readonly server: Server;
  readonly seen: SeenRequest[];
  connections: number;
  /** Replaced by tests that want another answer. */
  answer: RequestListener;
  close(): Promise<void>;
}

export async function openBackend(answer?: RequestListener, tls?: Svid): Promise<Backend> {
  const sockets = new Set<Socket>();
  const handle: RequestListener = (request, response) => {
    void text(request).then(
      (body) => {
        backend.seen.push({ method: request.method as string, url: request.url as string, headers: request.headers, body });
        backend.answer(request, response);
      },
      () => {},
    );
  };
  const server = tls
    ? (createTlsServer(
        {
          cert: tls.certificatePem,
          key: tls.privateKeyPem,
          requestCert: true,
          rejectUnauthorized: false,
          minVersion: 'TLSv1.3',
          ALPNProtocols: ['http/1.1'],
        },
        handle,
      ) as unknown as Server)
    : createServer(handle);
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    backend.connections++;
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const backend: Backend = {
    port: (server.address() as AddressInfo).port,
    server,
    seen: [],
    connections: 0,
    answer: answer ?? ((_request, response) => response.end('ok')),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return backend;
}

export const answerWith =
  (status: number, body = ''): RequestListener =>
  (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status);
    response.end(body);
  };
