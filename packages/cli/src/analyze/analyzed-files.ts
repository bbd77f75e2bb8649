import type { ConfigFile } from '@lateen/control';
import { isLateenError } from '@lateen/core';
import { type Finding, unreadableFile } from '@lateen/resources';
import { filePaths, isConfigFile, readConfigFile } from '../files.ts';
import type { CliIo } from '../io.ts';

export interface AnalyzedFiles {
  readonly files: readonly ConfigFile[];
  /** Files that are no text: told beside what is wrong in the others. */
  readonly findings: readonly Finding[];
}

export async function readAnalyzedFiles(
  io: CliIo,
  paths: readonly string[],
  { recursive }: { readonly recursive: boolean },
): Promise<AnalyzedFiles> {
  const all = (await Promise.all(paths.map((path) => filePaths(io, path, { recursive })))).flat();
  const names = all.filter((name) => isConfigFile(name));
  for (const name of all) if (!names.includes(name)) io.err(`${name} is left out: it is no .yaml, .yml or .json file\n`);
  const read = await Promise.all(names.map((name) => fileOrFinding(io, name)));
  return {
    files: read.flatMap((one) => ('text' in one ? one : [])),
    findings: read.flatMap((one) => ('text' in one ? [] : one)),
  };
}

async function fileOrFinding(io: CliIo, name: string): Promise<ConfigFile | Finding> {
  try {
    return await readConfigFile(io, name);
  } catch (error) {
    if (!isLateenError(error)) throw error;
    return unreadableFile(name, error.message);
  }
}
