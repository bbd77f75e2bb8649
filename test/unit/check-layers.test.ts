import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const script = join(import.meta.dirname, '../../scripts/check-layers.ts');

interface FakePackage {
  readonly layer: number;
  readonly dependencies?: Record<string, string>;
  readonly source: string;
}

function check(packages: Record<string, FakePackage>): { code: number | null; errors: string } {
  const root = mkdtempSync(join(tmpdir(), 'lateen-layers-'));
  try {
    for (const [name, { layer, dependencies = {}, source }] of Object.entries(packages)) {
      mkdirSync(join(root, 'packages', name, 'src'), { recursive: true });
      writeFileSync(
        join(root, 'packages', name, 'package.json'),
        JSON.stringify({ name: `@lateen/${name}`, lateen: { layer }, dependencies }),
      );
      writeFileSync(join(root, 'packages', name, 'src/index.ts'), source);
    }
    const { status, stderr } = spawnSync(process.execPath, [script, root], { encoding: 'utf8' });
    return { code: status, errors: stderr };
  } finally {
    rmSync(root, { recursive: true });
  }
}

const core: FakePackage = { layer: 0, source: 'export const noun = 1;\n' };
const onCore = { '@lateen/core': '1' };

describe('check-layers', () => {
  it('is content when arrows point down', () => {
    const { code } = check({
      core,
      client: { layer: 4, dependencies: onCore, source: "import { noun } from '@lateen/core';\nexport { noun };\n" },
    });
    assert.equal(code, 0);
  });

  it('fails on an arrow that points up, naming file and line', () => {
    const { code, errors } = check({
      core: { layer: 0, dependencies: { '@lateen/client': '1' }, source: "// first\nexport { call } from '@lateen/client';\n" },
      client: { layer: 4, source: 'export const call = 1;\n' },
    });
    assert.equal(code, 1);
    assert.match(errors, /packages\/core\/src\/index\.ts:2 imports @lateen\/client \(layer 4\) from @lateen\/core \(layer 0\)/);
  });

  it('fails on a sibling of the same layer, a type import and a dynamic import too', () => {
    const sibling = {
      layer: 2,
      dependencies: { '@lateen/other': '1' },
      source: "import type { A } from '@lateen/other';\nexport const b = (): Promise<A> => import('@lateen/other');\n",
    };
    const { code, errors } = check({ balancer: sibling, other: { layer: 2, source: 'export type A = 1;\n' } });
    assert.equal(code, 1);
    assert.equal(errors.trim().split('\n').length, 2);
  });

  it('fails on an import that the package does not declare', () => {
    const { code, errors } = check({ core, client: { layer: 4, source: "import 'undici';\n" } });
    assert.equal(code, 1);
    assert.match(errors, /does not declare/);
  });

  it("fails on the machine's clock and chance outside core", () => {
    const { code, errors } = check({
      client: { layer: 4, source: 'export const t = Date.now();\nexport const r = Math.random();\n' },
    });
    assert.equal(code, 1);
    assert.match(errors, /:1 reads .*\n.*:2 reads/);
  });
});
