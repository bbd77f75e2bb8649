import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { ConfigFile } from '@lateen/control';
import { LateenError } from '@lateen/core';
import { type CliIo, UsageError } from './io.ts';

const CONFIG_FILE = /\.(?:ya?ml|json)$/;

export const FILENAME_OPTION = ['-f, --filename <path...>', 'file, folder (not below it), or - for stdin'] as const;

/** The YAML of `-f`: files, folders (not below), or `-` for stdin, each with the name by which the user finds it again. */
export async function readConfigFiles(io: CliIo, paths: readonly string[]): Promise<ConfigFile[]> {
  return (await Promise.all(paths.map((path) => filesAt(io, path)))).flat();
}

async function filesAt(io: CliIo, path: string): Promise<ConfigFile[]> {
  if (path === '-') return [{ file: 'stdin', text: await io.readStdin() }];
  const found = await stat(resolve(io.workingDirectory, path)).catch(() => undefined);
  if (!found) throw new UsageError(`${path}: no such file or folder`);
  if (!found.isDirectory()) return [await configFile(io, path)];
  const names = (await readdir(resolve(io.workingDirectory, path))).filter((name) => CONFIG_FILE.test(name)).sort();
  if (names.length === 0) throw new UsageError(`${path}: no .yaml, .yml or .json file in this folder`);
  return Promise.all(names.map((name) => configFile(io, join(path, name))));
}

async function configFile({ workingDirectory }: CliIo, path: string): Promise<ConfigFile> {
  const absolute = resolve(workingDirectory, path);
  const near = relative(workingDirectory, absolute);
  const bytes = await readFile(absolute);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { file: near.startsWith('..') ? path : near, text };
  } catch (cause) {
    throw new LateenError('LATEEN_CONFIG_INVALID', `${path} is not UTF-8`, { target: path, hint: 'save it as UTF-8', cause });
  }
}
