import { chmod, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect } from 'node:net';
import { join, relative, resolve } from 'node:path';
import { LateenError, type Logger } from '@lateen/core';
import { SERVER_LIMITS } from '../http/server-limits.ts';

const SOCKET = 'admin.sock';
/** What a Unix socket's path may be long, with the NUL: 104 on macOS, 108 on Linux. */
const MAX_PATH_BYTES = 103;

/** The shorter of the two ways to name the socket, undefined when both are too long for the system. */
function socketPath(stateDir: string): string | undefined {
  const whole = resolve(join(stateDir, SOCKET));
  return [whole, relative(process.cwd(), whole)].find((path) => Buffer.byteLength(path) <= MAX_PATH_BYTES);
}

/** @throws {LateenError} `LATEEN_PORT_IN_USE` when a lateend runs on this state: two would overwrite each other's. */
export async function refuseSecondDaemon(stateDir: string): Promise<void> {
  const path = socketPath(stateDir);
  if (path === undefined || !(await answers(path))) return;
  throw new LateenError('LATEEN_PORT_IN_USE', `another lateend runs on the state in ${stateDir}`, {
    target: stateDir,
    hint: 'stop it first, or give this one another --state',
  });
}

/**
 * The administrator's socket in the state folder (0600): whoever can open it owns the state anyway. Undefined where the path is
 * too long; `admin.json` does as well.
 */
export async function openLocalSocket(stateDir: string, handler: RequestListener, logger: Logger): Promise<Server | undefined> {
  const path = socketPath(stateDir);
  if (path === undefined) {
    logger.warn(`${stateDir} is too long a path for a socket; the CLI uses admin.json`);
    return undefined;
  }
  await rm(path, { force: true });
  const server = createServer(SERVER_LIMITS, handler);
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(path, listening);
  });
  await chmod(path, 0o600);
  return server;
}

function answers(path: string): Promise<boolean> {
  return new Promise((tell) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      tell(true);
    });
    socket.on('error', () => tell(false));
  });
}
