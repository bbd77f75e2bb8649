import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDENTITY_FILE, loadIdentity, saveIdentity } from '../../src/state/identity-state.ts';
import { testAuthority } from '../../src/testing.ts';

const authority = testAuthority(Date.now());
const saved = { svid: authority.svid('reviews'), bundles: authority.bundles };

describe('loadIdentity', () => {
  let root: string;
  let folder: string;
  let file: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lateen-identity-'));
    folder = join(root, 'state');
    file = join(folder, IDENTITY_FILE);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('finds nothing where nothing was saved', async () => {
    assert.equal(await loadIdentity(folder), undefined);
  });

  it('reads what saveIdentity wrote', async () => {
    await saveIdentity(folder, saved);
    const loaded = await loadIdentity(folder);
    const { secureContext: _, ...svid } = saved.svid;
    const { secureContext: __, ...loadedSvid } = loaded?.svid ?? saved.svid;
    assert.deepEqual(loadedSvid, svid);
    assert.deepEqual(loaded?.bundles.get('cluster.local')?.authorities[0]?.raw, authority.root.raw);
  });

  it('keeps it to the owner, and leaves no temporary file', async () => {
    await saveIdentity(folder, saved);
    await saveIdentity(folder, { ...saved, svid: authority.svid('reviews') });
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), [IDENTITY_FILE]);
  });

  it('refuses a file that others can read, and says how to mend it', async () => {
    await saveIdentity(folder, saved);
    chmodSync(file, 0o640);
    await assert.rejects(loadIdentity(folder), { code: 'LATEEN_STATE_PERMISSIONS', message: /mode 640.*chmod 600/ });
  });

  it('refuses a folder that others can write', async () => {
    await saveIdentity(folder, saved);
    chmodSync(folder, 0o770);
    await assert.rejects(loadIdentity(folder), { code: 'LATEEN_STATE_PERMISSIONS', message: /chmod 700/ });
    await assert.rejects(saveIdentity(folder, saved), { code: 'LATEEN_STATE_PERMISSIONS' });
  });

  it('refuses a link', async () => {
    await saveIdentity(folder, saved);
    const elsewhere = join(root, 'elsewhere.json');
    writeFileSync(elsewhere, readFileSync(file), { mode: 0o600 });
    rmSync(file);
    symlinkSync(elsewhere, file);
    await assert.rejects(loadIdentity(folder), { code: 'LATEEN_STATE_PERMISSIONS' });
  });

  const damage: Record<string, (text: string) => string> = {
    'nothing in it': () => '',
    'half of it': (text) => text.slice(0, text.length / 2),
    'null in it': () => 'null',
    'another format': (text) => text.replace('"format": 1', '"format": 2'),
    'a changed certificate': (text) => text.replace('BEGIN CERTIFICATE-----\\nMII', 'BEGIN CERTIFICATE-----\\nMIJ'),
    'another key': (text) =>
      text.replace(JSON.stringify(saved.svid.privateKeyPem), JSON.stringify(authority.svid('x').privateKeyPem)),
    'a bundle of nonsense': (text) => text.replace('"keys"', '"no"'),
  };
  for (const [what, change] of Object.entries(damage)) {
    it(`refuses a file with ${what}, naming it and the mend but not the key`, async () => {
      await saveIdentity(folder, saved);
      const text = readFileSync(file, 'utf8');
      const changed = change(text);
      assert.notEqual(changed, text);
      writeFileSync(file, changed);
      await assert.rejects(loadIdentity(folder), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'LATEEN_STATE_CORRUPT');
        assert.match(error.message, /identity\.json.*delete it/);
        assert.doesNotMatch(`${error.message} ${(error.cause as Error | undefined)?.message}`, /PRIVATE/);
        return true;
      });
    });
  }
});
