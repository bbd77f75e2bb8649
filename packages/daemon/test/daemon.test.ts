import assert from 'node:assert/strict';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { isLateenError, type LateenErrorCode } from '@lateen/core';
import { MeshFolder } from './support/mesh-folder.ts';

describe('startDaemon', () => {
  let mesh: MeshFolder;
  beforeEach(async () => void (mesh = await MeshFolder.make()));
  afterEach(() => mesh.close());

  const refusal = (code: LateenErrorCode, sentence: RegExp) => (error: unknown) => {
    assert.ok(isLateenError(error), String(error));
    assert.equal(error.code, code);
    assert.match(error.message, sentence);
    return true;
  };

  it('refuses a busy port, and leaves nothing behind that keeps the next start out', async () => {
    const busy = createServer();
    await new Promise<void>((listening) => busy.listen(0, '127.0.0.1', listening));
    const { port } = busy.address() as AddressInfo;
    const sentence = new RegExp(`^port ${port} on 127\\.0\\.0\\.1 is in use; .*--port`);
    await assert.rejects(mesh.startDaemon({ port }), refusal('LATEEN_PORT_IN_USE', sentence));
    await assert.rejects(mesh.startDaemon({ adminPort: port }), refusal('LATEEN_PORT_IN_USE', /--admin-port/));
    busy.close();
    await mesh.startDaemon();
  });

  it('refuses a second lateend on the same state', async () => {
    await mesh.startDaemon();
    await assert.rejects(
      mesh.startDaemon(),
      refusal('LATEEN_PORT_IN_USE', /^another lateend runs on the state in .*; stop it first/),
    );
  });

  it('refuses damaged state, naming the file and the mend', async () => {
    await (await mesh.startDaemon()).close();
    const file = async (name: string, text: string): Promise<string> => {
      const path = join(mesh.state, name);
      await writeFile(path, text, { mode: 0o600 });
      return path;
    };
    const registry = await file('registry.json', '{');
    await assert.rejects(mesh.startDaemon(), refusal('LATEEN_STATE_CORRUPT', /registry\.json can't be read: .*; delete it/));
    await rm(registry);
    await mkdir(join(mesh.state, 'config'), { recursive: true });
    const revision = await file('config/00000001.json', '{}');
    await assert.rejects(
      mesh.startDaemon(),
      refusal('LATEEN_STATE_CORRUPT', /00000001\.json can't be read: .*; delete this file/),
    );
    await rm(revision);
    await mesh.startDaemon();
  });

  it('refuses a state folder that others can read', async () => {
    await mkdir(mesh.state);
    await chmod(mesh.state, 0o755);
    await assert.rejects(mesh.startDaemon(), refusal('LATEEN_STATE_PERMISSIONS', /chmod 700/));
  });

  it('refuses a seed that is not there, or not valid', async () => {
    const missing = join(mesh.path, 'missing');
    await assert.rejects(
      mesh.startDaemon({ configDir: missing }),
      refusal('LATEEN_CONFIG_INVALID', /missing can't be read \(ENOENT\)/),
    );
    const bad = join(mesh.path, 'bad.yaml');
    await writeFile(bad, 'kind: VirtualService\n');
    await assert.rejects(
      mesh.startDaemon({ configDir: bad }),
      refusal('LATEEN_CONFIG_INVALID', /bad\.yaml is refused: .*bad\.yaml:1/),
    );
  });

  it('refuses lifetimes that contradict each other', async () => {
    await assert.rejects(mesh.startDaemon({ leafTtlMs: 30_000 }), refusal('LATEEN_BAD_OPTION', /30000 ms/));
  });
});
