import type { AddressInfo, Server } from 'node:net';
import { LateenError } from '@lateen/core';

/** Listens on TCP and tells the port. @throws {LateenError} `LATEEN_PORT_IN_USE`, or what else keeps the address from being bound. */
export function listenOn(server: Server, host: string, port: number, mend: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => {
      const busy = error.code === 'EADDRINUSE';
      const what = busy ? `port ${port} on ${host} is in use` : `lateend can't listen on ${host}:${port} (${error.code})`;
      const code = busy ? 'LATEEN_PORT_IN_USE' : 'LATEEN_BAD_OPTION';
      reject(new LateenError(code, what, { target: `${host}:${port}`, hint: mend, cause: error }));
    };
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.removeListener('error', refuse);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** The first free port from `port` on, at most ten further. */
export async function listenFrom(server: Server, host: string, port: number, mend: string): Promise<number> {
  for (let candidate = port; ; candidate++) {
    try {
      return await listenOn(server, host, candidate, mend);
    } catch (error) {
      const busy = (error as LateenError).code === 'LATEEN_PORT_IN_USE';
      if (!busy || candidate >= port + 10) throw error;
    }
  }
}
