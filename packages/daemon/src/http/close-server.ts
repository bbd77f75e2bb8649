import type { Server, Socket } from 'node:net';

/**
 * Remembers a server's connections, those in the middle of a TLS handshake too, which `closeAllConnections` does not know.
 *
 * @returns what stops accepting and cuts them all: watchers come back to the next lateend by themselves.
 */
export function serverCloser(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return () =>
    new Promise((closed) => {
      if (!server.listening) return closed();
      server.close(() => closed());
      for (const socket of sockets) socket.destroy();
    });
}
