import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createSvid } from '../../src/svid/create-svid.ts';
import { testAuthority } from '../../src/testing.ts';

const NOW = Date.UTC(2026, 5, 1);
const authority = testAuthority(NOW);

describe('createSvid', () => {
  it('reads identity, labels, services and times', () => {
    const claims = { labels: { app: 'reviews', version: 'v2', workload: 'reviews-v2' }, services: ['reviews.default'] };
    const made = authority.certificate({ serviceAccount: 'reviews', claims });
    const svid = createSvid({ ...made, receivedAt: NOW + 5 });
    assert.equal(svid.id, 'spiffe://cluster.local/ns/default/sa/reviews');
    assert.deepEqual([svid.namespace, svid.serviceAccount, svid.trustDomain], ['default', 'reviews', 'cluster.local']);
    assert.deepEqual([svid.labels, svid.services], [claims.labels, claims.services]);
    assert.deepEqual([svid.notBefore, svid.notAfter, svid.receivedAt], [NOW - 60_000, NOW + 3_600_000, NOW + 5]);
  });

  const good = authority.certificate();
  const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const refused = {
    'another key': { ...good, privateKeyPem: authority.certificate().privateKeyPem },
    'a key of another kind': { ...good, privateKeyPem: ed25519 },
    'no key': { ...good, privateKeyPem: '' },
    'no certificate': { ...good, certificatePem: '' },
    'a certificate that is no SVID': { ...good, ...authority.certificate({ id: 'https://reviews/' }) },
  };
  for (const [what, material] of Object.entries(refused)) {
    it(`refuses ${what}, and shows no key`, () => {
      assert.throws(
        () => createSvid({ ...material, receivedAt: NOW }),
        (error: Error & { code?: string }) => error.code === 'LATEEN_CONFIG_INVALID' && !error.message.includes('PRIVATE'),
      );
    });
  }
});
