import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@lateen/core';
import { type FakeClock, fakeClock } from '@lateen/core/testing';
import { formatBundle } from '../src/bundle/bundle-jwks.ts';
import { createBundle } from '../src/bundle/trust-bundles.ts';
import { fileIdentity } from '../src/file-identity.ts';
import type { IdentitySource } from '../src/svid.ts';
import { type TestAuthority, type TestCertificate, testAuthority } from '../src/testing.ts';

describe('fileIdentity', () => {
  let folder: string;
  let clock: FakeClock;
  let authority: TestAuthority;
  let source: IdentitySource | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lateen-files-'));
    clock = fakeClock();
    authority = testAuthority(clock.wallNow());
  });
  afterEach(() => {
    source?.close();
    assert.equal(clock.pending, 0);
    rmSync(folder, { recursive: true });
  });

  const path = (name: string): string => join(folder, name);
  const put = (made: TestCertificate): void => {
    writeFileSync(path('cert'), made.certificatePem);
    writeFileSync(path('key'), made.privateKeyPem);
  };
  const putBundle = (...authorities: readonly TestAuthority[]): void =>
    writeFileSync(path('bundle'), authorities.map(({ root }) => root.toString()).join(''));
  const open = (): IdentitySource => {
    source = fileIdentity({ cert: path('cert'), key: path('key'), bundle: path('bundle'), clock, logger: silentLogger });
    return source;
  };

  it('reads the files', () => {
    put(authority.certificate({ serviceAccount: 'reviews' }));
    putBundle(authority);
    const { svid, bundles, problem } = open();
    assert.equal(svid.value?.serviceAccount, 'reviews');
    assert.deepEqual(bundles.value.get('cluster.local')?.authorities.length, 1);
    assert.equal(problem.value, undefined);
  });

  it('reads a SPIFFE bundle too', () => {
    put(authority.certificate());
    writeFileSync(path('bundle'), JSON.stringify(formatBundle(createBundle('cluster.local', 9, [authority.root]))));
    assert.equal(open().bundles.value.get('cluster.local')?.sequence, 9);
  });

  it('says which file is missing, and takes it when it comes', () => {
    putBundle(authority);
    const { svid, problem } = open();
    assert.match(problem.value ?? '', /cert can't be read \(ENOENT\)/);
    put(authority.certificate());
    clock.advance(5000);
    assert.equal(problem.value, undefined);
    assert.notEqual(svid.value, undefined);
  });

  it('tells of a new certificate, and not of an old one', () => {
    const first = authority.certificate();
    put(first);
    putBundle(authority);
    const opened = open();
    let told = 0;
    opened.svid.subscribe(() => told++);
    clock.advance(15_000);
    assert.equal(told, 0);
    put(authority.certificate());
    clock.advance(5000);
    assert.equal(told, 1);
  });

  it('keeps the certificate when only the bundle changes', () => {
    put(authority.certificate());
    putBundle(authority);
    const { svid, bundles } = open();
    const before = svid.value;
    putBundle(authority, testAuthority(clock.wallNow()));
    clock.advance(5000);
    assert.equal(svid.value, before);
    assert.deepEqual(
      [bundles.value.get('cluster.local')?.authorities.length, bundles.value.get('cluster.local')?.sequence],
      [2, 2],
    );
  });

  it('keeps the last good one while a replacement is half done', () => {
    put(authority.certificate());
    putBundle(authority);
    const { svid, problem } = open();
    const before = svid.value;
    const next = authority.certificate();
    writeFileSync(path('key'), next.privateKeyPem);
    clock.advance(5000);
    assert.equal(svid.value, before);
    assert.match(problem.value ?? '', /the key is another certificate's/);
    writeFileSync(path('cert'), next.certificatePem);
    clock.advance(5000);
    assert.equal(problem.value, undefined);
    assert.notEqual(svid.value, before);
  });

  it('says when the certificate has ended', () => {
    put(authority.certificate({ notAfter: clock.wallNow() + 60_000 }));
    putBundle(authority);
    const { problem } = open();
    clock.advance(65_000);
    assert.match(problem.value ?? '', /ended at .*have it renewed/);
  });
});
