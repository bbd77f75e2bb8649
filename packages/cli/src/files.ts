import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { ConfigFile } from '@lateen/control';
import { LateenError } from '@lateen/core';
import { type CliIo, UsageError } from './io.ts';

const CONFIG_FILE = /\.(?:ya?ml|json)$/;
const STDIN = '-';

/** By its name; stdin is one. */
export const isConfigFile = (path: string): boolean => path === STDIN || CONFIG_FILE.test(path);

export const FILENAME_OPTION = ['-f, --filename <path...>', 'file, folder (not below it), or - for stdin'] as const;

/** The YAML of `-f`: files, folders (not below), or `-` for stdin, each with the name by which the user finds it again. */
export async function readConfigFiles(io: CliIo, paths: readonly string[]): Promise<ConfigFile[]> {
  const names = (await Promise.all(paths.map((path) => filePaths(io, path)))).flat();
  return Promise.all(names.map((name) => readConfigFile(io, name)));
}

/** The files that a path of the command line means, in order. */
export async function filePaths(io: CliIo, path: string, { recursive = false } = {}): Promise<string[]> {
  if (path === STDIN) return [path];
  const absolute = resolve(io.workingDirectory, path);
  const found = await stat(absolute).catch(() => undefined);
  if (!found) throw new UsageError(`${path}: no such file or folder`);
  if (!found.isDirectory()) return [path];
  const names = (await readdir(absolute, { recursive })).filter((name) => CONFIG_FILE.test(name)).sort();
  if (names.length === 0) throw new UsageError(`${path}: no .yaml, .yml or .json file in this folder`);
  return names.map((name) => join(path, name));
}

/** @throws {LateenError} when the file is not UTF-8. */
export async function readConfigFile(io: CliIo, path: string): Promise<ConfigFile> {
  if (path === STDIN) return { file: 'stdin', text: await io.readStdin() };
  const absolute = resolve(io.workingDirectory, path);
  const near = relative(io.workingDirectory, absolute);
  const bytes = await readFile(absolute);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { file: near.startsWith('..') ? path : near, text };
  } catch (cause) {
    throw new LateenError('LATEEN_CONFIG_INVALID', `${path} is not UTF-8`, { target: path, hint: 'save it as UTF-8', cause });
  }
}
