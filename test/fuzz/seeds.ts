import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCorpus } from '../conformance/analyze/corpus.ts';

const root = join(import.meta.dirname, '../..');

/** The documents that mutations start from: every file of the recorded analysis, and of the examples. */
export function seedDocuments(): string[] {
  const recorded = readCorpus(join(root, 'test/conformance/analyze/corpus')).flatMap(({ files }) => Object.values(files));
  const examples = globSync('examples/*/**/*.yaml', { cwd: root, exclude: (name) => name.includes('node_modules') });
  return [...recorded, ...examples.map((name) => readFileSync(join(root, name), 'utf8'))];
}
