import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

interface CodeBlock {
  readonly language: string;
  readonly code: string;
  /** The comment above it says why it is not run. */
  readonly excused: boolean;
}

const blocks: CodeBlock[] = [...readme.matchAll(/(<!-- not executed:[^>]*-->\n)?```(\w+)\n([\s\S]*?)```/g)].map((match) => ({
  language: match[2] as string,
  code: match[3] as string,
  excused: match[1] !== undefined,
}));

describe('README', () => {
  it('runs as written: every js block prints what its comments say', async () => {
    const runnable = blocks.filter((block) => block.language === 'js' && !block.excused);
    assert.ok(runnable.length > 0);
    for (const { code } of runnable) {
      const folder = mkdtempSync(join(root, 'test/.readme-'));
      try {
        writeFileSync(join(folder, 'block.mjs'), code);
        const { stdout } = await promisify(execFile)(
          process.execPath,
          ['--conditions=@lateen/source', join(folder, 'block.mjs')],
          { timeout: 15_000 },
        );
        const promised = [...code.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)].map((match) => match[1]);
        assert.deepEqual(stdout.trim().split('\n'), promised);
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  });

  it('names npm scripts and files that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    for (const { code } of blocks.filter((block) => block.language === 'sh')) {
      for (const [, script] of code.matchAll(/^npm (?:run )?(start|test|acceptance|bench|build|lint)$/gm))
        assert.ok(scripts[script as string], script);
      for (const [, file] of code.matchAll(/-f (\S+)/g)) assert.ok(existsSync(join(root, file as string)), file);
    }
    for (const [, link] of readme.matchAll(/\]\(([^)#:]+)\)/g))
      assert.ok(existsSync(join(root, link as string)), `README links to ${link}`);
  });
});
