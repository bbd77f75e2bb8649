import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { mergeResources, parseResources } from '@lateen/resources';
import { analyze } from '@lateen/resources/analysis';

const root = join(import.meta.dirname, '../../examples');

/** `analysis.json` of a set of examples. */
interface ExpectedAnalysis {
  /** What each file of the set is analyzed with. */
  readonly base: readonly string[];
  /** Further files by file, where it needs them. */
  readonly with?: Readonly<Record<string, readonly string[]>>;
  /** Errors and Warnings that a file has, `*` for each: `CODE Kind namespace/name`, with the reason in the set's README. */
  readonly findings: Readonly<Record<string, readonly string[]>>;
}

const sets = readdirSync(root).filter((name) => existsSync(join(root, name, 'analysis.json')));

function yamlFiles(set: string): string[] {
  const names = readdirSync(join(root, set), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.yaml') && !/(?:^|\/)(?:node_modules|\.state|dist)\//.test(name)).sort();
}

/** Errors and Warnings of these files together. */
function problems(set: string, files: readonly string[]): string[] {
  const parsed = files.map((file) =>
    parseResources(readFileSync(join(root, set, file), 'utf8'), {
      file: relative(root, join(root, set, file)),
      defaultNamespace: 'default',
    }),
  );
  const resources = parsed.reduce((before, { readable }) => mergeResources(before, readable), mergeResources([], []));
  const findings = [...parsed.flatMap((part) => part.findings), ...analyze(resources, { complete: true })];
  return findings.filter(({ level }) => level !== 'Info').map(({ code, origin }) => `${code} ${origin}`);
}

describe('examples', () => {
  it('are bookinfo, httpbin and curl', () => assert.deepEqual(sets.sort(), ['bookinfo', 'curl', 'httpbin']));

  for (const set of sets) {
    const expected = JSON.parse(readFileSync(join(root, set, 'analysis.json'), 'utf8')) as ExpectedAnalysis;
    for (const file of yamlFiles(set)) {
      it(`analyze as they should: ${set}/${file}`, () => {
        const files = [...new Set([...expected.base, ...(expected.with?.[file] ?? []), file])];
        assert.deepEqual(
          [...new Set(problems(set, files))].sort(),
          [...(expected.findings['*'] ?? []), ...(expected.findings[file] ?? [])].sort(),
        );
      });
    }
  }
});
