import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Servers of one test file, on free ports; `closeAll` belongs in `afterEach`. */
export function servers(): { serve(server: Server): Promise<string>; closeAll(): Promise<void> } {
  const open: Server[] = [];
  return {
    async serve(server) {
      open.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async closeAll() {
      await Promise.all(
        open.splice(0).map((server) => {
          server.closeAllConnections();
          return new Promise((resolve) => server.close(resolve));
        }),
      );
    },
  };
}
