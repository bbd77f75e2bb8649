import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LateenError } from '@lateen/core';

/** What a route answers; an object goes out as JSON. */
export interface AdminReply {
  readonly status?: number;
  readonly contentType?: string;
  readonly body: string | object;
}

export type AdminRoute = (query: URLSearchParams) => AdminReply | Promise<AdminReply>;

export interface AdminServer {
  /** `host:port` */
  readonly address: string;
  close(): void;
}

export interface AdminServerOptions {
  readonly host: string;
  readonly port: number;
  /** False: when the port is taken, the next free one above is. */
  readonly exact: boolean;
  readonly routes: ReadonlyMap<string, AdminRoute>;
}

const PORTS_TRIED = 200;

/**
 * The process's own window: read-only, GET, exact paths.
 *
 * @throws {LateenError} `LATEEN_PORT_IN_USE` when an exact port is taken.
 */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const server = createServer((request, response) => void answer(options.routes, request, response));
  server.headersTimeout = 5_000;
  server.requestTimeout = 10_000;
  server.keepAliveTimeout = 5_000;
  await listenFrom(server, options);
  server.unref();
  server.on('connection', (socket) => socket.unref());
  const bound = server.address() as AddressInfo;
  return {
    address: `${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listenFrom(server: Server, { host, port, exact }: AdminServerOptions): Promise<void> {
  const last = exact || port === 0 ? port : port + PORTS_TRIED;
  for (let candidate = port; ; candidate++) {
    try {
      return await listen(server, host, candidate);
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (taken && candidate < last) continue;
      const cause = taken ? 'is in use' : `cannot be bound (${(error as Error).message})`;
      throw new LateenError('LATEEN_PORT_IN_USE', `admin port ${host}:${candidate} ${cause}`, {
        target: `${host}:${candidate}`,
        hint: 'choose another with admin (LATEEN_ADMIN), or false for none',
        cause: error,
      });
    }
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      server.removeListener('listening', settle);
      server.removeListener('error', settle);
      if (error) reject(error);
      else resolve();
    };
    server.once('listening', settle);
    server.once('error', settle);
    server.listen(port, host);
  });
}

async function answer(
  routes: ReadonlyMap<string, AdminRoute>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = request.url ?? '/';
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const route = routes.get(path);
  if (!route) return send(response, { status: 404, body: { error: `no ${path} here`, paths: [...routes.keys()] } });
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, { status: 405, body: { error: 'GET only' } });
  try {
    send(response, await route(new URLSearchParams(question < 0 ? '' : target.slice(question + 1))));
  } catch (error) {
    send(response, { status: 500, body: { error: (error as Error).message } });
  }
}

function send(response: ServerResponse, { status = 200, contentType, body }: AdminReply): void {
  const text = typeof body === 'string' ? body : `${JSON.stringify(body, null, 2)}\n`;
  response.writeHead(status, {
    'content-type': contentType ?? (typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json'),
    'cache-control': 'no-store',
  });
  response.end(text);
}
