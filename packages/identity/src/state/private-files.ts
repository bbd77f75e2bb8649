import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LateenError } from '@lateen/core';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const OTHERS = 0o077;
const HAS_MODES = process.platform !== 'win32';

/**
 * Replaces a file whole or not at all, surviving kill -9 and power loss: temporary file beside it, fsync, rename, fsync of the
 * folder. Mode 0600.
 */
export async function writePrivateFile(path: string, data: string | Uint8Array): Promise<void> {
  await publish(path, data, rename);
}

/**
 * The same, but only when there is no such file yet.
 *
 * @returns whether this call made it: of several at once exactly one does.
 */
export async function createPrivateFile(path: string, data: string | Uint8Array): Promise<boolean> {
  try {
    await publish(path, data, linkOnce);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Makes the folder (0700) or checks that it is ours alone. @throws {LateenError} `LATEEN_STATE_PERMISSIONS`. */
export async function ensurePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: FOLDER_MODE });
  assertPrivate(path, await lstat(path), FOLDER_MODE);
}

/**
 * The file's text, undefined when there is none.
 *
 * @throws {LateenError} `LATEEN_STATE_PERMISSIONS` when others can read or change it, or when it is a link.
 */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw permissions(path, 'is a link', `replace ${path} by a file`);
    throw error;
  }
  try {
    assertPrivate(path, await file.stat(), FILE_MODE);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

type Place = (temporary: string, path: string) => Promise<void>;

async function publish(path: string, data: string | Uint8Array, place: Place): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', FILE_MODE);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

async function linkOnce(temporary: string, path: string): Promise<void> {
  await link(temporary, path);
  await unlink(temporary);
}

/** A rename is durable once its folder is; Windows can't open folders, and need not. */
export async function syncFolder(path: string): Promise<void> {
  if (!HAS_MODES) return;
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function assertPrivate(path: string, { mode, uid }: Stats, wanted: number): void {
  if (!HAS_MODES) return;
  if ((mode & OTHERS) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(3, '0');
    throw permissions(path, `is open to others (mode ${octal})`, `chmod ${wanted.toString(8)} ${path}`);
  }
  if (process.getuid && uid !== process.getuid())
    throw permissions(path, `belongs to another user (${uid})`, `chown it to this process's user`);
}

function permissions(path: string, why: string, hint: string): LateenError {
  return new LateenError('LATEEN_STATE_PERMISSIONS', `${path} holds secrets and ${why}`, { target: path, hint });
}
