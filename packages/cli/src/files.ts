import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { ConfigFile } from '@lateen/control';
import { type CliIo, UsageError } from './io.ts';

const CONFIG_FILE = /\.(?:ya?ml|json)$/;

/** The YAML of `-f`: files, folders (not below), or `-` for stdin, each named as the user wrote it. */
export async function readConfigFiles(io: CliIo, paths: readonly string[]): Promise<ConfigFile[]> {
  if (paths.length === 0) throw new UsageError('no file given; write -f FILE, -f FOLDER or -f -');
  return (await Promise.all(paths.map((path) => filesAt(io, path)))).flat();
}

async function filesAt(io: CliIo, path: string): Promise<ConfigFile[]> {
  if (path === '-') return [{ file: 'stdin', text: await io.readStdin() }];
  const absolute = resolve(io.workingDirectory, path);
  const found = await stat(absolute).catch(() => undefined);
  if (!found) throw new UsageError(`${path}: no such file or folder`);
  if (!found.isDirectory()) return [await configFile(io, absolute)];
  const names = (await readdir(absolute)).filter((name) => CONFIG_FILE.test(name)).sort();
  if (names.length === 0) throw new UsageError(`${path}: no .yaml, .yml or .json file in this folder`);
  return Promise.all(names.map((name) => configFile(io, join(absolute, name))));
}

async function configFile(io: CliIo, absolute: string): Promise<ConfigFile> {
  return { file: relative(io.workingDirectory, absolute) || absolute, text: await readFile(absolute, 'utf8') };
}
