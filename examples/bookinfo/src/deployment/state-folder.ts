import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './start-error.ts';

/** Everything of a deployment that outlives a run: 0700, and nobody else's while a run holds it. */
export interface StateFolder {
  readonly path: string;
  /** A folder of its own for one process. */
  of(process: string): string;
  /** Signs the page's sessions; the same for all productpages, run after run. */
  readonly sessionSecret: string;
  release(): void;
}

/** @throws {StartError} when another deployment runs on it, or it is no folder to write in. */
export function openStateFolder(path: string): StateFolder {
  requireUnused(path);
  try {
    rmSync(join(path, 'logs'), { recursive: true, force: true }); // of the run before
    for (const folder of ['', 'logs', 'lateend', 'processes']) mkdirSync(join(path, folder), { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
    const holder = join(path, 'pid');
    writeFileSync(holder, String(process.pid));
    return {
      path,
      of(name) {
        const folder = join(path, 'processes', name);
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        return folder;
      },
      sessionSecret: sessionSecret(join(path, 'session-secret')),
      release: () => rmSync(holder, { force: true }),
    };
  } catch (error) {
    throw new StartError(
      `the state folder ${path} can't be used (${(error as Error).message}); mend or delete it (\`npm run reset\`)`,
    );
  }
}

/** @throws {StartError} naming the process that runs on the folder. */
export function requireUnused(path: string): void {
  const pid = Number(readIfThere(join(path, 'pid')));
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid || !isAlive(pid)) return;
  throw new StartError(
    `process ${pid} runs a deployment on ${path}; stop it, or start this one with --state DIR and --port-offset N (or delete ${join(path, 'pid')} if ${pid} is something else)`,
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function sessionSecret(file: string): string {
  const kept = readIfThere(file);
  if (kept) return kept;
  const secret = randomBytes(32).toString('base64url');
  writeFileSync(file, secret, { mode: 0o600 });
  return secret;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
