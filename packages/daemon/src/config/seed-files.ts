import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { ConfigFile } from '@lateen/control';
import { LateenError } from '@lateen/core';

const YAML = /\.(ya?ml|json)$/;

/** The YAML files below a folder, in order of their names, or the one file. @throws {LateenError} `LATEEN_CONFIG_INVALID`. */
export async function seedFiles(path: string): Promise<ConfigFile[]> {
  try {
    if ((await stat(path)).isFile()) return [await readConfigFile(path)];
    const names = (await readdir(path, { recursive: true })).filter((name) => YAML.test(name)).sort();
    return await Promise.all(names.map((name) => readConfigFile(join(path, name))));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new LateenError('LATEEN_CONFIG_INVALID', `the configuration in ${path} can't be read (${code ?? message})`, {
      target: path,
      hint: 'name an existing file or folder of YAML',
      cause,
    });
  }
}

/** Named as seen from where lateend was started: shorter, and a reader can open it. */
async function readConfigFile(path: string): Promise<ConfigFile> {
  return { file: relative(process.cwd(), path) || path, text: await readFile(path, 'utf8') };
}
