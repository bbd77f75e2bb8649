import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { Forged } from './forge.ts';

export interface Trap {
  readonly port: number;
  /** Since the last credential was shown. */
  readonly connections: number;
  /** Of decrypted application data, since the last credential was shown. */
  readonly bytes: number;
  readonly plaintext: string;
  show(credential: Forged): void;
  /** From now on it is no TLS server at all. */
  showNothing(): void;
  close(): void;
}

/** A server on one port that can change who it claims to be, and counts what clients trust it with. */
export async function openTrap(): Promise<Trap> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let bytes = 0;
  let heard = '';
  let mute = false;
  const server = createServer(
    { requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3', ALPNProtocols: ['http/1.1'] },
    (socket) => {
      socket.on('error', () => {});
      socket.on('data', (data: Buffer) => {
        bytes += data.length;
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\ncaught');
      });
    },
  );
  server.on('tlsClientError', () => {});
  const tls = server.listeners('connection').slice() as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    if (mute) socket.on('data', (data) => (heard += data.toString('latin1'))).write('HTTP/1.1 400 Bad Request\r\n\r\n');
    else for (const listener of tls) listener.call(server, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const reset = (): void => {
    connections = 0;
    bytes = 0;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    get bytes() {
      return bytes;
    },
    get plaintext() {
      return heard;
    },
    show(credential) {
      server.setSecureContext({ ...credential, minVersion: 'TLSv1.3' });
      reset();
    },
    showNothing() {
      mute = true;
      reset();
    },
    close() {
      reset();
      server.close();
    },
  };
}
