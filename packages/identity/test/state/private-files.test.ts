import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPrivateFile, readPrivateFile, writePrivateFile } from '../../src/state/private-files.ts';

describe('writePrivateFile', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lateen-files-'));
    file = join(folder, 'state.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('replaces what is there', async () => {
    await writePrivateFile(file, 'one');
    await writePrivateFile(file, 'two');
    assert.equal(await readPrivateFile(file), 'two');
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('leaves the old one and nothing else when it fails', async () => {
    await writePrivateFile(file, 'one');
    await assert.rejects(writePrivateFile(join(file, 'below'), 'two'));
    assert.deepEqual(readdirSync(folder), ['state.json']);
    assert.equal(readFileSync(file, 'utf8'), 'one');
  });

  it('is whole whenever the process is killed', async () => {
    const script = `
      import { writePrivateFile } from ${JSON.stringify(join(import.meta.dirname, '../../src/state/private-files.ts'))};
      for (let round = 0; ; round++) {
        await writePrivateFile(${JSON.stringify(file)}, JSON.stringify({ round, pad: 'x'.repeat(200_000) }));
        if (round === 0) process.stdout.write('started');
      }`;
    for (let kill = 0; kill < 4; kill++) {
      const child = spawn(process.execPath, ['--conditions=@lateen/source', '--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, 7 * kill));
      child.kill('SIGKILL');
      await once(child, 'exit');
      const { pad } = JSON.parse(readFileSync(file, 'utf8'));
      assert.equal(pad.length, 200_000);
    }
  });
});

describe('createPrivateFile', () => {
  it('lets exactly one of several make the file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lateen-files-'));
    try {
      const file = join(folder, 'once');
      const made = await Promise.all(['a', 'b', 'c', 'd'].map((text) => createPrivateFile(file, text)));
      assert.equal(made.filter(Boolean).length, 1);
      assert.equal(readFileSync(file, 'utf8'), 'abcd'[made.indexOf(true)]);
      assert.deepEqual(readdirSync(folder), ['once']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
