// The server process of the engine's benchmark: the same answer from node:http in plaintext and from the engine, in plaintext and over mTLS.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTlsServer } from 'node:tls';
import { systemClock } from '@lateen/core';
import { ServerSession } from '@lateen/http2';

export interface EngineServerOrder {
  readonly credentials: { readonly cert: string; readonly key: string; readonly ca: string };
}

export interface EngineServerPorts {
  readonly http1: number;
  readonly https1: number;
  readonly plain: number;
  readonly tls: number;
}

const SMALL = JSON.stringify({ id: 7, reviews: ['a'.repeat(80), 'b'.repeat(80)] });
const LARGE = Buffer.alloc(1024 * 1024, 'x');

function serve(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/large') {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': LARGE.length });
    response.end(LARGE);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(SMALL) });
  response.end(SMALL);
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}

async function start({ credentials }: EngineServerOrder): Promise<void> {
  const sessions = new Set<ServerSession>();
  const engine = (socket: Socket): void => {
    socket.setNoDelay(true);
    sessions.add(new ServerSession(socket, { clock: systemClock, onRequest: serve }));
  };
  const ports: EngineServerPorts = {
    http1: await listen(createServer(serve)),
    https1: await listen(createHttpsServer({ ...credentials, requestCert: true, minVersion: 'TLSv1.3' }, serve)),
    plain: await listen(createTcpServer(engine)),
    tls: await listen(
      createTlsServer({ ...credentials, requestCert: true, minVersion: 'TLSv1.3', ALPNProtocols: ['h2'] }, engine),
    ),
  };
  process.send?.({ ports });
}

process.on('message', (message: EngineServerOrder | 'cpu') => {
  if (message === 'cpu') process.send?.({ cpu: process.cpuUsage() });
  else void start(message);
});
