import { readFile } from 'node:fs/promises';
import { buffer as bytesOf } from 'node:stream/consumers';
import type { Finding } from '../finding.ts';
import { unreadableFile } from '../make-finding.ts';
import { type ParsedResources, type ParseOptions, parseResources } from '../parse-resources.ts';
import { repeatedResources } from '../repeated-resources.ts';
import type { Resource } from '../resource.ts';
import { configTree, unreadable } from './config-tree.ts';
import { mergeResources } from './merge-resources.ts';

export interface LoadOptions extends Omit<ParseOptions, 'file'> {
  /** What `-` stands for. Default: the standard input. */
  readonly stdin?: AsyncIterable<Uint8Array>;
}

/** Before it is even read: a configuration of this size is a mistake, and reading it would cost more memory than the process has. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The resources of files, and of all `.yaml`, `.yml` and `.json` files of folders and the folders below them, in the order of their names; `-` is the
 * standard input. A file that is named by two paths is read once.
 *
 * @throws {LateenError} `LATEEN_CONFIG_INVALID` when a path does not exist or may not be read.
 */
export async function loadResources(paths: readonly string[], options: LoadOptions): Promise<ParsedResources> {
  const files = new Set<string>();
  for (const path of paths) for (const file of await filesAt(path)) files.add(file);
  const resources: Resource[] = [];
  const readable: Resource[] = [];
  const findings: Finding[] = [];
  for (const file of files) {
    const parsed = await parseFile(file, options);
    resources.push(...parsed.resources);
    readable.push(...parsed.readable);
    findings.push(...parsed.findings);
  }
  findings.push(...repeatedResources(readable));
  return { resources: mergeResources([], resources), readable: mergeResources([], readable), findings };
}

async function filesAt(path: string): Promise<readonly string[]> {
  return path === '-' ? [path] : (await configTree(path)).files;
}

async function parseFile(file: string, { stdin = process.stdin, ...options }: LoadOptions): Promise<ParsedResources> {
  const bytes = file === '-' ? await bytesOf(stdin) : await readFile(file).catch((cause: Error) => unreadable(file, cause));
  if (bytes.length > MAX_BYTES) return nothing(unreadableFile(file, `the file is larger than ${MAX_BYTES} bytes`, 'split it'));
  const text = utf8(bytes);
  if (text === undefined) return nothing(unreadableFile(file, 'the file is not UTF-8', 'save it as UTF-8'));
  return parseResources(text, { ...options, file });
}

const nothing = (finding: Finding): ParsedResources => ({ resources: [], readable: [], findings: [finding] });

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined; // the caller asks just this
  }
}
