import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LateenError } from '@lateen/core';
import type { Finding } from '../finding.ts';
import { makeFinding } from '../make-finding.ts';
import { type ParsedResources, parseResources } from '../parse-resources.ts';
import type { Resource } from '../resource.ts';

const CONFIG_FILE = /\.(?:ya?ml|json)$/;

/**
 * The resources of a file, or of all `.yaml`, `.yml` and `.json` files of a folder and the folders below it, in the order of their names.
 *
 * @throws {LateenError} `LATEEN_CONFIG_INVALID` when the path does not exist.
 */
export async function loadResources(
  paths: readonly string[],
  options: { readonly defaultNamespace: string },
): Promise<ParsedResources> {
  const resources: Resource[] = [];
  const findings: Finding[] = [];
  for (const path of paths) {
    for (const file of await configFiles(path)) {
      const parsed = await parseFile(file, options.defaultNamespace);
      resources.push(...parsed.resources);
      findings.push(...parsed.findings);
    }
  }
  return { resources, findings };
}

async function configFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch((cause: Error) => {
    throw new LateenError('LATEEN_CONFIG_INVALID', `${path} cannot be read (${cause.message})`, {
      target: path,
      hint: 'name a file or a folder of YAML',
      cause,
    });
  });
  if (!found.isDirectory()) return [path];
  // A mounted ConfigMap keeps its past in folders named `..2026_…`; they are not for us.
  const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
  const nested = await Promise.all(
    names.map(async (name) => {
      const inside = join(path, name);
      if ((await stat(inside)).isDirectory()) return configFiles(inside);
      return CONFIG_FILE.test(name) ? [inside] : [];
    }),
  );
  return nested.flat();
}

async function parseFile(file: string, defaultNamespace: string): Promise<ParsedResources> {
  const bytes = await readFile(file);
  try {
    return parseResources(new TextDecoder('utf-8', { fatal: true }).decode(bytes), { file, defaultNamespace });
  } catch {
    return {
      resources: [],
      findings: [makeFinding('LTN0003', { origin: file, file, line: 1, column: 1 }, 'the file is not UTF-8', 'save it as UTF-8')],
    };
  }
}
