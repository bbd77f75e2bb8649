import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { createBundle } from '../../src/bundle/trust-bundles.ts';
import { octetString } from '../../src/der/der-builders.ts';
import { checkPeer, type PeerCheckOptions, type PeerRefusal, type PresentedChain } from '../../src/peer/check-peer.ts';
import { type TestCertificateOptions, testAuthority } from '../../src/testing.ts';
import type { TrustBundles } from '../../src/trust-bundle.ts';
import { alternativeNames } from '../../src/x509/alternative-names.ts';
import { buildCertificate, p256Signer, randomSerial } from '../../src/x509/build-certificate.ts';
import { generateP256, type KeyPair } from '../../src/x509/certificate-request.ts';
import { type Extension, extension } from '../../src/x509/extension.ts';
import { basicConstraints, extendedKeyUsage, keyUsage } from '../../src/x509/key-usage.ts';
import { OID } from '../../src/x509/oids.ts';
import { authorityExtensions, workloadExtensions } from '../../src/x509/workload-certificate.ts';

const NOW = Math.floor(Date.now() / 1000) * 1000;
const authority = testAuthority(NOW);
const ID = 'spiffe://cluster.local/ns/default/sa/reviews';
const GOOD = workloadExtensions(ID, { labels: undefined, services: [] });

function verdict(chain: PresentedChain, options: Partial<PeerCheckOptions> = {}): PeerRefusal | 'ok' {
  const check = checkPeer(chain, { bundles: authority.bundles, nowWallMs: NOW, direction: 'inbound', ...options });
  return check.ok ? 'ok' : check.reason;
}

function verdictOn(certificate: TestCertificateOptions, options: Partial<PeerCheckOptions> = {}): PeerRefusal | 'ok' {
  return verdict({ leaf: authority.certificate(certificate).certificate, intermediates: [] }, options);
}

/** A good SVID's extensions with those of the same kind replaced. */
function but(...replacements: readonly Extension[]): readonly Extension[] {
  return [...GOOD.filter((each) => !replacements.some(({ oid }) => oid === each.oid)), ...replacements];
}

function without(oid: string): readonly Extension[] {
  return GOOD.filter((each) => each.oid !== oid);
}

describe('checkPeer', () => {
  it('tells who a good peer is', () => {
    const claims = { labels: { app: 'reviews', version: 'v2', workload: 'reviews-v2' }, services: ['reviews.default'] };
    const { certificate } = authority.certificate({ id: ID, claims });
    const check = checkPeer(
      { leaf: certificate, intermediates: [] },
      { bundles: authority.bundles, nowWallMs: NOW, direction: 'inbound' },
    );
    assert.ok(check.ok);
    assert.deepEqual(check.principal, {
      id: ID,
      trustDomain: 'cluster.local',
      namespace: 'default',
      serviceAccount: 'reviews',
      labels: claims.labels,
      authority: authority.root.fingerprint256.replaceAll(':', '').toLowerCase(),
      notAfter: NOW + 3_600_000,
    });
    assert.deepEqual(check.services, ['reviews.default']);
    assert.equal(check.serial, certificate.serialNumber.toLowerCase());
  });

  it('takes a certificate without extended key usage, as SPIFFE allows', () => {
    assert.equal(verdictOn({ extensions: without(OID.extendedKeyUsage) }), 'ok');
  });

  const uris = (...names: readonly string[]) => but(alternativeNames({ uris: names }, true));
  const refused: Record<string, readonly [PeerRefusal, TestCertificateOptions]> = {
    'two URIs': ['bad_spiffe_id', { extensions: uris(ID, `${ID}2`) }],
    'no name': ['bad_spiffe_id', { extensions: without(OID.subjectAlternativeName) }],
    'a DNS name only': ['bad_spiffe_id', { extensions: but(alternativeNames({ dnsNames: ['reviews'] }, true)) }],
    'a URI that is no SPIFFE ID': ['bad_spiffe_id', { extensions: uris('https://reviews/') }],
    'an ID without a path': ['bad_spiffe_id', { extensions: uris('spiffe://cluster.local') }],
    'an ID smuggled behind a comma': ['bad_spiffe_id', { extensions: uris(`${ID},URI:spiffe://cluster.local/ns/a/sa/admin`) }],
    'an ID in quotes': ['bad_spiffe_id', { extensions: uris(`"${ID}"`) }],
    'an ID smuggled behind a newline': ['malformed_certificate', { extensions: uris(`${ID}\nURI:x`) }],
    'CA:TRUE': ['is_authority', { extensions: but(basicConstraints({ isAuthority: true, pathLength: undefined })) }],
    'no key usage': ['bad_key_usage', { extensions: without(OID.keyUsage) }],
    'a key usage without digitalSignature': ['bad_key_usage', { extensions: but(keyUsage(['keyAgreement'])) }],
    keyCertSign: ['bad_key_usage', { extensions: but(keyUsage(['digitalSignature', 'keyCertSign'])) }],
    cRLSign: ['bad_key_usage', { extensions: but(keyUsage(['digitalSignature', 'cRLSign'])) }],
    'an extended key usage for clients only': ['bad_extended_key_usage', { extensions: but(extendedKeyUsage([OID.clientAuth])) }],
    'an extended key usage for servers only': ['bad_extended_key_usage', { extensions: but(extendedKeyUsage([OID.serverAuth])) }],
    'an unknown critical extension': [
      'unknown_critical_extension',
      { extensions: [...GOOD, extension('1.2.3.4', true, octetString(Buffer.alloc(1)))] },
    ],
    'a second alternative-name extension': [
      'malformed_certificate',
      { extensions: [...GOOD, alternativeNames({ uris: [ID] }, false)] },
    ],
    'an end in the past': ['expired', { notBefore: NOW - 7200_000, notAfter: NOW - 3600_000 }],
    'an end at this moment': ['expired', { notAfter: NOW }],
    'a beginning in the future': ['not_yet_valid', { notBefore: NOW + 1000 }],
    'a trust domain without a bundle': ['unknown_trust_domain', { id: 'spiffe://elsewhere/ns/default/sa/reviews' }],
  };
  for (const [what, [reason, options]] of Object.entries(refused)) {
    it(`refuses ${what}`, () => assert.equal(verdictOn(options), reason));
  }

  it('refuses another authority’s certificate, one with the same name included', () => {
    const { certificate } = testAuthority(NOW).certificate({ id: ID });
    assert.equal(verdict({ leaf: certificate, intermediates: [] }), 'unknown_authority');
  });

  it('refuses our own ID from a federated authority', () => {
    const foreign = testAuthority(NOW, 'elsewhere');
    const bundles: TrustBundles = new Map([...authority.bundles, ...foreign.bundles]);
    const minted = foreign.certificate({ id: ID }).certificate;
    assert.equal(verdict({ leaf: minted, intermediates: [foreign.root] }, { bundles }), 'unknown_authority');
    const honest = foreign.certificate().certificate;
    assert.equal(verdict({ leaf: honest, intermediates: [] }, { bundles }), 'ok');
  });

  it('refuses everyone when the bundle is empty', () => {
    const bundles: TrustBundles = new Map([['cluster.local', createBundle('cluster.local', 2, [])]]);
    assert.equal(verdictOn({}, { bundles }), 'unknown_authority');
  });

  it('refuses a root of its own that the peer presents beside its certificate', () => {
    const own = testAuthority(NOW);
    assert.equal(verdict({ leaf: own.certificate({ id: ID }).certificate, intermediates: [own.root] }), 'unknown_authority');
  });

  it('refuses an ID that was not expected, and any when none is', () => {
    assert.equal(verdictOn({ id: ID }, { expectedIds: new Set([ID]) }), 'ok');
    assert.equal(verdictOn({ id: `${ID}2` }, { expectedIds: new Set([ID]) }), 'unexpected_id');
    assert.equal(verdictOn({ id: ID }, { expectedIds: new Set() }), 'unexpected_id');
  });

  it('says in one sentence what is wrong', () => {
    const { certificate } = authority.certificate({ id: ID, notAfter: NOW - 1000 });
    const check = checkPeer(
      { leaf: certificate, intermediates: [] },
      { bundles: authority.bundles, nowWallMs: NOW, direction: 'outbound' },
    );
    assert.ok(!check.ok);
    assert.match(check.message, /^the server's certificate \(spiffe:.*reviews\) ended at 20/);
  });
});

describe('checkPeer along a path', () => {
  const rootKeys = generateP256();
  const rootName = { commonName: 'root' };
  const root = signed({ subject: rootName, keys: rootKeys, issuer: rootName, by: rootKeys, extensions: authorityExtensions(1) });
  const bundles: TrustBundles = new Map([['cluster.local', createBundle('cluster.local', 1, [root])]]);
  const middleKeys = generateP256();
  const middleName = { commonName: 'intermediate' };
  const leafUnder = (by: KeyPair, issuer = middleName): X509Certificate =>
    signed({ subject: {}, keys: generateP256(), issuer, by, extensions: GOOD });
  const middle = (
    overrides: { extensions?: readonly Extension[]; notAfter?: number; notBefore?: number } = {},
  ): X509Certificate =>
    signed({
      subject: middleName,
      keys: middleKeys,
      issuer: rootName,
      by: rootKeys,
      extensions: authorityExtensions(0, 'cluster.local'),
      ...overrides,
    });

  it('uses a presented intermediate that the bundle’s root signed', () => {
    const intermediate = middle();
    const check = checkPeer(
      { leaf: leafUnder(middleKeys), intermediates: [intermediate] },
      { bundles, nowWallMs: NOW, direction: 'inbound' },
    );
    assert.ok(check.ok);
    assert.equal(check.principal.authority, intermediate.fingerprint256.replaceAll(':', '').toLowerCase());
  });

  it('needs no presented chain when the bundle holds the intermediate', () => {
    const full: TrustBundles = new Map([['cluster.local', createBundle('cluster.local', 1, [root, middle()])]]);
    assert.equal(verdict({ leaf: leafUnder(middleKeys), intermediates: [] }, { bundles: full }), 'ok');
  });

  const broken: Record<string, () => X509Certificate> = {
    'no intermediate at all': () => root,
    'an intermediate that ended': () => middle({ notAfter: NOW - 1000 }),
    'an intermediate that has not begun': () => middle({ notBefore: NOW + 1000 }),
    'an intermediate that is no authority': () => middle({ extensions: GOOD }),
    'an intermediate without keyCertSign': () =>
      middle({ extensions: [basicConstraints({ isAuthority: true, pathLength: 0 }), keyUsage(['cRLSign'])] }),
    'an intermediate of another trust domain': () => middle({ extensions: authorityExtensions(0, 'elsewhere') }),
    'an intermediate with an unknown critical extension': () =>
      middle({ extensions: [...authorityExtensions(0), extension('1.2.3.4', true, octetString(Buffer.alloc(1)))] }),
  };
  for (const [what, make] of Object.entries(broken)) {
    it(`refuses ${what}`, () => {
      assert.equal(verdict({ leaf: leafUnder(middleKeys), intermediates: [make()] }, { bundles }), 'unknown_authority');
    });
  }

  it('refuses a leaf signed by a leaf', () => {
    const leafKeys = generateP256();
    const leafName = { commonName: 'leaf' };
    const first = signed({ subject: leafName, keys: leafKeys, issuer: rootName, by: rootKeys, extensions: GOOD });
    assert.equal(verdict({ leaf: leafUnder(leafKeys, leafName), intermediates: [first] }, { bundles }), 'unknown_authority');
  });

  it('refuses a path longer than an authority permits', () => {
    const lowerKeys = generateP256();
    const lowerName = { commonName: 'lower' };
    const lower = signed({
      subject: lowerName,
      keys: lowerKeys,
      issuer: middleName,
      by: middleKeys,
      extensions: authorityExtensions(0),
    });
    assert.equal(
      verdict({ leaf: leafUnder(lowerKeys, lowerName), intermediates: [lower, middle()] }, { bundles }),
      'unknown_authority',
    );
  });
});

function signed(parts: {
  subject: { commonName?: string };
  keys: KeyPair;
  issuer: { commonName?: string };
  by: KeyPair;
  extensions: readonly Extension[];
  notBefore?: number;
  notAfter?: number;
}): X509Certificate {
  const der = buildCertificate(
    {
      serial: randomSerial(),
      issuer: parts.issuer,
      issuerPublicKey: parts.by.publicKey,
      subject: parts.subject,
      publicKey: parts.keys.publicKey,
      notBefore: parts.notBefore ?? NOW - 7_200_000,
      notAfter: parts.notAfter ?? NOW + 3_600_000,
      extensions: parts.extensions,
    },
    p256Signer(parts.by.privateKey),
  );
  return new X509Certificate(der);
}
