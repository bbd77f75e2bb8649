import { readFile } from 'node:fs/promises';
import type { Finding } from '../finding.ts';
import { makeFinding } from '../make-finding.ts';
import { type ParsedResources, parseResources } from '../parse-resources.ts';
import type { Resource } from '../resource.ts';
import { configTree, unreadable } from './config-tree.ts';

/**
 * The resources of a file, or of all `.yaml`, `.yml` and `.json` files of a folder and the folders below it, in the order of their names.
 *
 * @throws {LateenError} `LATEEN_CONFIG_INVALID` when a path does not exist or may not be read.
 */
export async function loadResources(
  paths: readonly string[],
  options: { readonly defaultNamespace: string },
): Promise<ParsedResources> {
  const resources: Resource[] = [];
  const findings: Finding[] = [];
  for (const path of paths) {
    for (const file of (await configTree(path)).files) {
      const parsed = await parseFile(file, options.defaultNamespace);
      resources.push(...parsed.resources);
      findings.push(...parsed.findings);
    }
  }
  return { resources, findings };
}

async function parseFile(file: string, defaultNamespace: string): Promise<ParsedResources> {
  const bytes = await readFile(file).catch((cause: Error) => unreadable(file, cause));
  const text = utf8(bytes);
  if (text !== undefined) return parseResources(text, { file, defaultNamespace });
  const finding = makeFinding('LTN0003', { origin: file, file, line: 1, column: 1 }, 'the file is not UTF-8', 'save it as UTF-8');
  return { resources: [], findings: [finding] };
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined; // the caller asks just this
  }
}
