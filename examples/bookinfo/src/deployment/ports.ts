import { createServer } from 'node:net';
import { StartError } from './start-error.ts';

/** Every port of a deployment that people or tools type. The services themselves take free ones; their names are what counts. */
export interface Ports {
  readonly page: number;
  readonly lateend: number;
  readonly lateendAdmin: number;
  /** Admin port of the gateway; the services' follow. */
  readonly firstAdmin: number;
  /** Without the mesh the services need ports that can be written down: details, ratings, reviews v1, v2, v3. */
  readonly firstPlain: number;
}

export function portsAt(offset: number): Ports {
  return {
    page: 8080 + offset,
    lateend: 15012 + offset,
    lateendAdmin: 15014 + offset,
    firstAdmin: 15020 + offset,
    firstPlain: 9081 + offset,
  };
}

/** @throws {StartError} naming the first port that is taken, and what wanted it. */
export async function requireFree(wanted: ReadonlyMap<number, string>): Promise<void> {
  for (const [port, owner] of wanted) {
    const problem = await probe(port);
    if (problem === undefined) continue;
    throw new StartError(
      `port ${port} (${owner}) ${problem}; free it, or move every port with \`npm start -- --port-offset 100\``,
    );
  }
}

function probe(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'EADDRINUSE' ? 'is in use' : `can't be opened (${error.message})`);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)));
  });
}
