import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const BIN = join(import.meta.dirname, '../bin/lateen-cli.js');

function start(...argv: string[]) {
  const options = ['--conditions=@lateen/source', '--disable-warning=ExperimentalWarning'];
  return spawn(process.execPath, [...options, BIN, ...argv], { env: { HOME: tmpdir(), NO_COLOR: '1' } });
}

describe('lateen-cli', () => {
  const lines: readonly (readonly [string, number, RegExp, RegExp])[] = [
    ['--version', 0, /^\d+\.\d+\.\d+\n$/, /^$/],
    ['status', 1, /^$/, /^lateen: no lateend was started by this user .*\n$/],
    ['aply', 2, /^$/, /^error: unknown command 'aply'\n/],
    ['validate -f -', 0, /^$/, /^0 valid resources, 0 errors\n$/],
  ];
  for (const [line, code, out, err] of lines) {
    it(`ends with ${code} after ${line}`, async () => {
      const child = start(...line.split(' '));
      child.stdin.end();
      const [said, complained, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
      assert.match(said, out);
      assert.match(complained, err);
      assert.equal(status, code);
    });
  }

  it('ends without a word when its reader leaves', async () => {
    const child = start('--help');
    child.stdout.destroy();
    const [complained, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    assert.deepEqual([complained, status], ['', 0]);
  });

  it('analyzes without loading HTTP, TLS or undici, which a start would wait for', async () => {
    const program = `await import('@lateen/resources/analysis');
      const { parseResources } = await import('@lateen/resources');
      parseResources('apiVersion: v1\\nkind: Pod\\nmetadata: {name: a}', { file: 'a', defaultNamespace: '' });
      console.log(process.moduleLoadList.filter((name) => /NativeModule (?:http|tls|internal\\/deps\\/undici\\/undici)$/.test(name)).join());`;
    const child = spawn(process.execPath, ['--conditions=@lateen/source', '--input-type=module', '-e', program], {
      cwd: import.meta.dirname,
    });
    const [said, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    assert.deepEqual([said, status], ['\n', 0]);
  });
});
