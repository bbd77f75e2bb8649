import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAdmin } from '@lateen/control';
import { systemClock } from '@lateen/core';
import { type ChildLateend, startChild } from './support/child-lateend.ts';

const yaml = (timeout: number): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: reviews }\nspec:\n  hosts: [reviews]\n  http:\n    - timeout: ${timeout}s\n      route: [{ destination: { host: reviews } }]\n`;

describe('the lateend command', () => {
  let folder: string;
  let state: string;
  const children: ChildLateend[] = [];
  const start = async (...args: string[]): Promise<ChildLateend> => {
    const child = await startChild(['--state', state, '--port', '0', '--admin-port', '0', ...args], folder);
    children.push(child);
    return child;
  };
  const refused = async (...args: string[]): Promise<string> => {
    const error = await start(...args).then(
      () => assert.fail('it started'),
      (failure: Error) => failure,
    );
    const lines = error.message.split('\n').filter((line) => line !== '');
    assert.equal(lines.length, 1, error.message);
    return error.message;
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lateen-'));
    state = join(folder, 'state');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.process.kill('SIGKILL');
      await child.ended;
    }
    await rm(folder, { recursive: true });
  });

  it('says in one line where it is, leaves word for the CLI, and ends on SIGTERM', async () => {
    const { process: child, line, ended } = await start();
    assert.match(
      line,
      /^lateend ready on https:\/\/127\.0\.0\.1:\d+, probes on http:\/\/127\.0\.0\.1:\d+, revision 0, state in .*\n$/,
    );
    assert.equal((await readFile(join(folder, '.lateen', 'admin'), 'utf8')).trim(), join(state, 'admin.json'));
    for (const file of ['admin.json', 'admin.sock']) assert.equal((await stat(join(state, file))).mode & 0o077, 0, file);
    const admin = await openAdmin({ clock: systemClock, environment: { HOME: folder } });
    assert.deepEqual((await admin.status()).problems, []);
    assert.match((await admin.caStatus()).rootPin, /^[0-9a-f]{64}$/);
    admin.close();
    child.kill('SIGTERM');
    const { code, signal, stderr } = await ended;
    assert.deepEqual([code, signal, stderr], [0, null, '']);
  });

  it('keeps every acknowledged revision when it is killed in the middle of applies', async () => {
    let acknowledged = 0;
    for (let round = 0; round < 2; round++) {
      const { process: child, ended } = await start();
      const admin = await openAdmin({ stateDir: state, clock: systemClock });
      assert.ok((await admin.revision()).revision.number >= acknowledged);
      for (let step = 0; step < 100; step++) {
        if (step === 5 + round) child.kill('SIGKILL');
        const applied = admin.apply([{ file: 'reviews.yaml', text: yaml(round * 100 + step + 1) }]);
        const reply = await applied.catch(() => undefined);
        if (!reply) break;
        acknowledged = reply.revision;
      }
      admin.close();
      assert.equal((await ended).signal, 'SIGKILL');
    }
    await start();
    const admin = await openAdmin({ stateDir: state, clock: systemClock });
    const { revision } = await admin.revision();
    admin.close();
    assert.ok(
      acknowledged >= 10 && revision.number >= acknowledged && revision.number <= acknowledged + 1,
      `${revision.number} after ${acknowledged}`,
    );
  });

  it('refuses what is wrong in one line, with code 1, and 2 for a wrong command line', async () => {
    await start();
    assert.match(await refused(), /ended with 1: lateend: another lateend runs on the state in .*; stop it first/);
    assert.match(await refused('--port', 'x'), /ended with 2: lateend: --port x; write a port/);
  });
});
