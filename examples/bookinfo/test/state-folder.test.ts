import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStateFolder, requireUnused } from '../src/deployment/state-folder.ts';

describe('openStateFolder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lateen-state-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is for its owner alone, and keeps the secret from run to run', () => {
    const path = join(folder, 'state');
    const first = openStateFolder(path);
    assert.equal(statSync(path).mode & 0o777, 0o700);
    assert.equal(statSync(join(path, 'session-secret')).mode & 0o777, 0o600);
    assert.equal(statSync(first.of('reviews-v2-1')).mode & 0o777, 0o700);
    first.release();
    assert.equal(openStateFolder(path).sessionSecret, first.sessionSecret);
  });

  it('refuses a folder on which another process runs, and names it', () => {
    writeFileSync(join(folder, 'pid'), String(process.ppid));
    assert.throws(() => openStateFolder(folder), new RegExp(`process ${process.ppid} runs a deployment on .*--state`));
    assert.throws(() => requireUnused(folder), /stop it/);
  });

  it('does not mind what a killed run left behind', () => {
    writeFileSync(join(folder, 'pid'), '99999999');
    openStateFolder(folder);
    assert.equal(readFileSync(join(folder, 'pid'), 'utf8'), String(process.pid));
  });

  it('says what to do with a path that is no folder', () => {
    const path = join(folder, 'file');
    writeFileSync(path, '');
    assert.throws(() => openStateFolder(path), /can't be used .* delete it \(`npm run reset`\)/);
  });
});
