import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { LateenError } from '@lateen/core';
import { readPrivateFile } from '@lateen/identity';
import { type BundleReply, checkBundleReply } from '../wire.ts';
import { type Check, shape, text } from '../wire/check.ts';
import { parseJson } from '../wire.ts';

/** `admin.json` in lateend's state folder (0600): all that a CLI on the same machine needs. */
export interface AdminFile {
  readonly url: string;
  /** SHA-256 of the root's SubjectPublicKeyInfo, hex. */
  readonly pin: string;
  /** PEM, leaf first. */
  readonly certificate: string;
  /** PKCS#8 PEM. */
  readonly key: string;
  readonly bundle: BundleReply;
}

export const ADMIN_FILE = 'admin.json';

const checkAdminFile: Check<AdminFile> = shape<AdminFile>({
  url: text(),
  pin: text(64),
  certificate: text(65_536),
  key: text(4096),
  bundle: checkBundleReply,
});

/** The file in the user's folder that names the state folder of the lateend that was started last: `~/.lateen/admin`. */
export function adminPointer(environment: Readonly<Record<string, string | undefined>>): string {
  return join(environment.HOME ?? homedir(), '.lateen', 'admin');
}

/** Where `admin.json` lies: in `stateDir`, at `LATEEN_ADMIN_FILE`, or where the pointer says. @throws {LateenError} when nobody says. */
export async function findAdminFile(
  stateDir: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  if (stateDir !== undefined) return join(stateDir, ADMIN_FILE);
  if (environment.LATEEN_ADMIN_FILE) return environment.LATEEN_ADMIN_FILE;
  const pointer = adminPointer(environment);
  try {
    return (await readFile(pointer, 'utf8')).trim();
  } catch (cause) {
    throw new LateenError('LATEEN_CONTROL_UNREACHABLE', `no lateend was started by this user (${pointer} is missing)`, {
      hint: 'start one (`npm start`, or `lateend --state DIR`), or name its admin.json in LATEEN_ADMIN_FILE',
      cause,
    });
  }
}

/** @throws {LateenError} `LATEEN_CONTROL_UNREACHABLE` when it is missing, `LATEEN_STATE_CORRUPT`, `LATEEN_STATE_PERMISSIONS`. */
export async function readAdminFile(path: string): Promise<AdminFile> {
  const json = await readPrivateFile(path);
  if (json === undefined) {
    throw new LateenError('LATEEN_CONTROL_UNREACHABLE', `${path} is missing, so lateend can't be asked`, {
      target: path,
      hint: `start lateend on that state: \`lateend --state ${dirname(path)}\``,
    });
  }
  try {
    return checkAdminFile(parseJson(json), '');
  } catch (cause) {
    throw new LateenError('LATEEN_STATE_CORRUPT', `${path} can't be read: ${(cause as Error).message}`, {
      target: path,
      hint: 'delete it and start lateend again, which writes it anew',
      cause,
    });
  }
}
