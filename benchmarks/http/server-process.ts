import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ServerOrder } from './server.ts';

export interface ServerProcess {
  readonly ports: readonly number[];
  stop(): void;
}

/** Starts a server process and waits for its ports. */
export async function startServer(order: ServerOrder): Promise<ServerProcess> {
  const child = fork(join(import.meta.dirname, 'server.ts'), { execArgv: ['--disable-warning=ExperimentalWarning'] });
  child.send(order);
  const [ports] = (await once(child, 'message')) as [number[]];
  return { ports, stop: () => void child.kill() };
}
