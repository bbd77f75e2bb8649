import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLateenError, type LateenErrorCode, systemClock } from '@lateen/core';
import { openAdmin } from '../../src/admin/admin-client.ts';

const refusal =
  (code: LateenErrorCode, ...words: string[]) =>
  (error: unknown) =>
    isLateenError(error) && error.code === code && words.every((word) => error.message.includes(word));

describe('openAdmin', () => {
  let home: string;
  beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'lateen-'))));
  afterEach(() => rm(home, { recursive: true }));

  it('says how to start a lateend when this user has none', async () => {
    const opened = openAdmin({ clock: systemClock, environment: { HOME: home } });
    await assert.rejects(opened, refusal('LATEEN_CONTROL_UNREACHABLE', join(home, '.lateen', 'admin'), 'npm start'));
  });

  it('follows the pointer, and names the state that is gone', async () => {
    await mkdir(join(home, '.lateen'));
    await writeFile(join(home, '.lateen', 'admin'), `${home}/state/admin.json\n`);
    const opened = openAdmin({ clock: systemClock, environment: { HOME: home } });
    await assert.rejects(opened, refusal('LATEEN_CONTROL_UNREACHABLE', `lateend --state ${home}/state`));
  });

  it('refuses a file that others can read', async () => {
    await writeFile(join(home, 'admin.json'), '{}');
    await chmod(join(home, 'admin.json'), 0o644);
    await assert.rejects(openAdmin({ stateDir: home, clock: systemClock }), refusal('LATEEN_STATE_PERMISSIONS', 'chmod 600'));
  });

  it('says what to do about a damaged file', async () => {
    const file = join(home, 'admin.json');
    await writeFile(file, '{"url":', { mode: 0o600 });
    const opened = openAdmin({ clock: systemClock, environment: { LATEEN_ADMIN_FILE: file } });
    await assert.rejects(opened, refusal('LATEEN_STATE_CORRUPT', file, 'delete it'));
  });
});
