import type { Server } from 'node:http';

/** Stops accepting and cuts what is open: watchers come back to the next lateend by themselves. */
export function closeServer(server: Server | undefined): Promise<void> {
  if (!server?.listening) return Promise.resolve();
  return new Promise((closed) => {
    server.close(() => closed());
    server.closeAllConnections();
  });
}
