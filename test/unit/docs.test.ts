import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { checksPage } from '../../scripts/checks-page.ts';
import { istioDifferences } from '../../scripts/istio-differences.ts';
import { ENVIRONMENT } from '../../packages/lateen/src/environment.ts';

const root = join(import.meta.dirname, '../..');
const page = (name: string): string => readFileSync(join(root, name), 'utf8');

/** Kiali's checks that make sense outside of Kubernetes. */
const PORTABLE_KIALI = [
  ...['KIA0002', 'KIA0003', 'KIA0004', 'KIA0005', 'KIA0101', 'KIA0102', 'KIA0104', 'KIA0105', 'KIA0106', 'KIA0107', 'KIA0108'],
  ...['KIA0201', 'KIA0202', 'KIA0203', 'KIA0204', 'KIA0205', 'KIA0206', 'KIA0207', 'KIA0208', 'KIA0209', 'KIA0301', 'KIA0302'],
  ...['KIA0401', 'KIA0501', 'KIA0505', 'KIA0506', 'KIA1004', 'KIA1006', 'KIA1007', 'KIA1101', 'KIA1102', 'KIA1104', 'KIA1105'],
  ...['KIA1106', 'KIA1107', 'KIA1108', 'KIA1211', 'KIA1212', 'KIA1301'],
];

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

  it('checks.md says what the code does', () => {
    assert.equal(page('docs/checks.md'), checksPage(), 'run: node --conditions=@lateen/source scripts/checks-page.ts');
  });

  it('checks.md covers every portable validation of Kiali’s', () => {
    const text = page('docs/checks.md');
    for (const code of PORTABLE_KIALI) assert.match(text, new RegExp(`^\\| ${code} \\| .+ \\|$`, 'm'), code);
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
