import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import { X509Certificate as PeculiarCertificate } from '@peculiar/x509';
import { encodePem } from '../../src/der/pem.ts';
import { testAuthority } from '../../src/testing.ts';
import { buildCertificate, p256Signer, randomSerial } from '../../src/x509/build-certificate.ts';
import { generateP256 } from '../../src/x509/certificate-request.ts';
import { parseCertificate } from '../../src/x509/parse-certificate.ts';
import { authorityExtensions, workloadExtensions } from '../../src/x509/workload-certificate.ts';
import { hasOpenssl } from '../openssl.ts';

const ID = 'spiffe://cluster.local/ns/default/sa/reviews';
const CLAIMS = { labels: { app: 'reviews', version: 'v2', workload: 'reviews-v2' }, services: ['reviews.default'] };
const NOW = Math.floor(Date.now() / 1000) * 1000;

/** Root → intermediate (constrained to a trust domain) → leaf of `id`. */
function chainFor(id: string): { root: Buffer; intermediate: Buffer; leaf: Buffer } {
  const [rootKeys, intermediateKeys, leafKeys] = [generateP256(), generateP256(), generateP256()] as const;
  const rootName = { organization: 'cluster.local', commonName: 'root' };
  const intermediateName = { organization: 'cluster.local', commonName: 'intermediate' };
  const validity = { notBefore: NOW - 60_000, notAfter: NOW + 3_600_000 };
  const byRoot = { ...validity, issuer: rootName, issuerPublicKey: rootKeys.publicKey };
  const root = buildCertificate(
    { ...byRoot, serial: randomSerial(), subject: rootName, publicKey: rootKeys.publicKey, extensions: authorityExtensions(1) },
    p256Signer(rootKeys.privateKey),
  );
  const intermediate = buildCertificate(
    {
      ...byRoot,
      serial: randomSerial(),
      subject: intermediateName,
      publicKey: intermediateKeys.publicKey,
      extensions: authorityExtensions(0, 'cluster.local'),
    },
    p256Signer(rootKeys.privateKey),
  );
  const leaf = buildCertificate(
    {
      ...validity,
      serial: randomSerial(),
      issuer: intermediateName,
      issuerPublicKey: intermediateKeys.publicKey,
      subject: {},
      publicKey: leafKeys.publicKey,
      extensions: workloadExtensions(id, CLAIMS),
    },
    p256Signer(intermediateKeys.privateKey),
  );
  return { root, intermediate, leaf };
}

describe('buildCertificate', () => {
  it('makes what parseCertificate reads', () => {
    const { leaf } = chainFor(ID);
    const parsed = parseCertificate(leaf);
    assert.deepEqual(parsed.names.uris, [ID]);
    assert.deepEqual(parsed.claims, CLAIMS);
    assert.deepEqual([parsed.notBefore, parsed.notAfter], [NOW - 60_000, NOW + 3_600_000]);
    assert.deepEqual([...(parsed.keyUsage ?? [])], ['digitalSignature']);
    assert.deepEqual([parsed.isAuthority, parsed.pathLength, parsed.unknownCritical], [false, undefined, []]);
    assert.equal(parsed.serial, new X509Certificate(leaf).serialNumber.toLowerCase());
  });

  it('writes path length and name constraints of authorities', () => {
    const { root, intermediate } = chainFor(ID);
    const parsed = [parseCertificate(root), parseCertificate(intermediate)];
    assert.deepEqual(
      parsed.map((each) => each.isAuthority),
      [true, true],
    );
    assert.deepEqual(
      parsed.map((each) => each.pathLength),
      [1, 0],
    );
    assert.deepEqual(
      parsed.map((each) => each.permittedUriHosts),
      [undefined, ['cluster.local']],
    );
  });

  it('makes what another library reads and verifies', async () => {
    const { root, intermediate, leaf } = chainFor(ID);
    const signer = new PeculiarCertificate(intermediate);
    assert.equal(
      await new PeculiarCertificate(leaf).verify({ publicKey: await signer.publicKey.export(), signatureOnly: true }),
      true,
    );
    assert.equal(
      await signer.verify({ publicKey: await new PeculiarCertificate(root).publicKey.export(), signatureOnly: true }),
      true,
    );
  });

  it('writes years from 2050 on in the longer form', () => {
    const far = testAuthority(Date.UTC(2060, 0, 1)).certificate();
    assert.equal(parseCertificate(far.certificate.raw).notBefore, Date.UTC(2059, 11, 31, 23, 59));
    assert.equal(far.certificate.validFromDate.getTime(), Date.UTC(2059, 11, 31, 23, 59));
  });

  const verify = (id: string): string => {
    const { root, intermediate, leaf } = chainFor(id);
    const folder = mkdtempSync(join(tmpdir(), 'lateen-chain-'));
    try {
      for (const [name, der] of Object.entries({ root, intermediate, leaf }))
        writeFileSync(join(folder, name), encodePem(der, 'CERTIFICATE'));
      const files = ['-CAfile', join(folder, 'root'), '-untrusted', join(folder, 'intermediate'), join(folder, 'leaf')];
      return execFileSync('openssl', ['verify', '-x509_strict', '-purpose', 'sslclient', ...files], { stdio: 'pipe' }).toString();
    } catch (error) {
      return String((error as { stderr?: Buffer }).stderr);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it('makes chains that openssl verifies strictly', function () {
    if (!hasOpenssl()) this.skip();
    assert.match(verify(ID), /leaf: OK/);
  });

  it('makes intermediates that openssl lets vouch for their trust domain only', function () {
    if (!hasOpenssl()) this.skip();
    assert.match(verify('spiffe://elsewhere/ns/default/sa/reviews'), /permitted subtree violation/);
  });
});

describe('randomSerial', () => {
  it('is 16 bytes, positive, and never the same', () => {
    const serials = new Set(Array.from({ length: 100 }, randomSerial));
    assert.equal(serials.size, 100);
    for (const serial of serials) assert.match(serial, /^[4-7][0-9a-f]{31}$/);
  });
});
