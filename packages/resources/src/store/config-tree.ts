import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LateenError } from '@lateen/core';

const CONFIG_FILE = /\.(?:ya?ml|json)$/;

/** Where configuration lies. */
export interface ConfigTree {
  /** In the order of their names. */
  readonly files: readonly string[];
  /** Every folder that a file could come or go in. */
  readonly folders: readonly string[];
}

/**
 * A file by itself, or all `.yaml`, `.yml` and `.json` files of a folder and the folders below it.
 *
 * @throws {LateenError} `LATEEN_CONFIG_INVALID` when a path does not exist or may not be read.
 */
export async function configTree(path: string): Promise<ConfigTree> {
  if (!(await statsOf(path)).isDirectory()) return { files: [path], folders: [dirname(path)] };
  // A mounted ConfigMap keeps its past in folders named `..2026_…`; they are not for us.
  const entries = await readdir(path).catch((cause: Error) => unreadable(path, cause));
  const names = entries.filter((name) => !name.startsWith('.')).sort();
  const parts = await Promise.all(names.map((name) => treeAt(join(path, name))));
  return { files: parts.flatMap(({ files }) => files), folders: [path, ...parts.flatMap(({ folders }) => folders)] };
}

async function treeAt(inside: string): Promise<ConfigTree> {
  if ((await statsOf(inside)).isDirectory()) return configTree(inside);
  return { files: CONFIG_FILE.test(inside) ? [inside] : [], folders: [] };
}

function statsOf(path: string): Promise<Stats> {
  return stat(path).catch((cause: Error) => unreadable(path, cause));
}

/** @throws {LateenError} always */
export function unreadable(path: string, cause: Error): never {
  throw new LateenError('LATEEN_CONFIG_INVALID', `${path} cannot be read (${cause.message})`, {
    target: path,
    hint: 'name a file or a folder of YAML',
    cause,
  });
}
