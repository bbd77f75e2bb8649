import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { Client } from 'undici';
import { systemClock } from '@lateen/core';
import { ClientSession, type DispatchRequest, emitRequests, ServerSession } from '../../src/index.ts';
import { Heard } from './client-under-test.ts';

/** One application behind node:http's HTTP/1.1 and behind the engine, and a client for each that speaks to it in the same words. */
export interface Side {
  readonly name: 'http1' | 'http2';
  /** The `http.Server` that the application listens on. */
  readonly server: Server;
  dispatch(request: DispatchRequest): Heard;
  close(): void;
}

export async function http1Side(listener: RequestListener): Promise<Side> {
  const server = createServer(listener);
  await listening(server);
  const client = new Client(`http://127.0.0.1:${portOf(server)}`, { allowH2: false, pipelining: 1 });
  return {
    name: 'http1',
    server,
    dispatch(request) {
      const heard = new Heard();
      client.dispatch(request as never, heard as never);
      return heard;
    },
    close: () => {
      void client.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

export async function http2Side(listener: RequestListener): Promise<Side> {
  const application = createServer(listener);
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    const session = new ServerSession(socket, {
      clock: systemClock,
      httpServer: application,
      onRequest: emitRequests(application),
    });
    socket.once('close', () => session.drain());
  });
  await listening(server);
  const socket = connect(portOf(server), '127.0.0.1');
  const session = new ClientSession(socket, { clock: systemClock, authority: `127.0.0.1:${portOf(server)}` });
  return {
    name: 'http2',
    server: application,
    dispatch(request) {
      const heard = new Heard();
      session.dispatch(request, heard);
      return heard;
    },
    close: () => {
      socket.destroy();
      for (const each of sockets) each.destroy();
      server.close();
    },
  };
}

function listening(server: { listen(port: number, host: string, done: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port;
}
