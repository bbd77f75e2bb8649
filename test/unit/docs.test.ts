import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { CODES } from '@lateen/resources';
import { istioDifferences } from '../../scripts/istio-differences.ts';
import { ENVIRONMENT } from '../../packages/lateen/src/environment.ts';

const root = join(import.meta.dirname, '../..');
const page = (name: string): string => readFileSync(join(root, name), 'utf8');

describe('docs', () => {
  it('istio-differences.md says what the code does', () => {
    assert.equal(
      page('docs/istio-differences.md'),
      istioDifferences(),
      'run: node --conditions=@lateen/source scripts/istio-differences.ts',
    );
  });

  it('configuration.md names every variable', () => {
    const text = page('docs/configuration.md');
    for (const name of Object.keys(ENVIRONMENT)) assert.ok(text.includes(`\`${name}\``), name);
  });

  it('checks.md explains every code of our own', () => {
    const text = page('docs/checks.md');
    for (const code of Object.keys(CODES).filter((name) => name.startsWith('LTN')))
      assert.ok(text.includes(`\n## ${code}\n`), code);
  });

  it('ARCHITECTURE.md names files that exist', () => {
    const text = page('ARCHITECTURE.md');
    const named = [...text.matchAll(/`((?:packages|examples|benchmarks|test|scripts)\/[\w./-]+)`/g)].map(
      (match) => match[1] as string,
    );
    assert.ok(named.length > 20);
    for (const file of named) assert.ok(existsSync(join(root, file)), file);
  });

  it('link only to what is there', () => {
    const pages = [
      'README.md',
      'ARCHITECTURE.md',
      'CONTRIBUTING.md',
      ...readdirSync(join(root, 'docs'))
        .filter((name) => name.endsWith('.md'))
        .map((name) => `docs/${name}`),
    ];
    for (const name of pages) {
      for (const [, link] of page(name).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g))
        assert.ok(existsSync(join(root, name, '..', link as string)), `${name} links to ${link}`);
    }
  });
});
