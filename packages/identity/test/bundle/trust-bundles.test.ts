import assert from 'node:assert/strict';
import { formatBundle, parseBundle } from '../../src/bundle/bundle-jwks.ts';
import { authorityPin, createBundle, loadBundlePem, withBundle } from '../../src/bundle/trust-bundles.ts';
import { testAuthority } from '../../src/testing.ts';
import { NO_BUNDLES } from '../../src/trust-bundle.ts';

const NOW = Date.now();
const authority = testAuthority(NOW);
const other = testAuthority(NOW);
const invalid = { code: 'LATEEN_CONFIG_INVALID' };
const bundle = (sequence: number, ...members: readonly (typeof authority)[]) =>
  createBundle(
    'cluster.local',
    sequence,
    members.map(({ root }) => root),
  );

describe('createBundle', () => {
  it('refuses a workload’s certificate', () => {
    assert.throws(() => createBundle('cluster.local', 1, [authority.certificate().certificate]), invalid);
  });
  it('refuses a trust domain that is none', () => {
    assert.throws(() => createBundle('Cluster', 1, [authority.root]), invalid);
  });
  it('refuses a sequence that is no whole number', () => {
    for (const sequence of [-1, 1.5, Number.NaN]) assert.throws(() => createBundle('cluster.local', sequence, []), invalid);
  });
});

describe('loadBundlePem', () => {
  it('reads the authorities of a file', () => {
    const pem = authority.root.toString() + other.root.toString();
    assert.deepEqual(
      loadBundlePem('cluster.local', pem, 3).authorities.map(authorityPin),
      [authority.root, other.root].map(authorityPin),
    );
  });
  for (const pem of ['', 'nothing', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n']) {
    it(`refuses ${JSON.stringify(pem)}`, () => assert.throws(() => loadBundlePem('cluster.local', pem, 1), invalid));
  }
});

describe('withBundle', () => {
  it('adds, replaces by a later one, and keeps the others', () => {
    const foreign = testAuthority(NOW, 'elsewhere').bundle;
    const bundles = withBundle(withBundle(withBundle(NO_BUNDLES, foreign), bundle(1, authority)), bundle(2, authority, other));
    assert.deepEqual([...bundles.keys()], ['elsewhere', 'cluster.local']);
    assert.equal(bundles.get('cluster.local')?.sequence, 2);
  });
  it('changes nothing for the same one', () => {
    const bundles = withBundle(NO_BUNDLES, bundle(2, authority));
    assert.equal(withBundle(bundles, bundle(2, authority)), bundles);
  });
  it('refuses a rollback, and other content under the same number', () => {
    const bundles = withBundle(NO_BUNDLES, bundle(2, authority));
    assert.throws(() => withBundle(bundles, bundle(1, authority)), invalid);
    assert.throws(() => withBundle(bundles, bundle(2, other)), invalid);
  });
});

describe('parseBundle', () => {
  const document = JSON.parse(JSON.stringify(formatBundle(bundle(7, authority, other))));

  it('reads what formatBundle wrote, in SPIFFE’s form', () => {
    const parsed = parseBundle('cluster.local', document);
    assert.equal(parsed.sequence, 7);
    assert.deepEqual(parsed.authorities.map(authorityPin), [authority.root, other.root].map(authorityPin));
    assert.deepEqual(Object.keys(document.keys[0]).sort(), ['crv', 'kty', 'use', 'x', 'x5c', 'y']);
  });
  it('takes an empty set: the trust domain is revoked', () => {
    assert.deepEqual(parseBundle('cluster.local', { keys: [], spiffe_sequence: 8 }).authorities, []);
  });
  it('lets keys for another use be', () => {
    const jwt = { kty: 'EC', use: 'jwt-svid', kid: 'x' };
    assert.equal(parseBundle('cluster.local', { ...document, keys: [...document.keys, jwt] }).authorities.length, 2);
  });

  const key = document.keys[0];
  const refused: Record<string, unknown> = {
    null: null,
    'a list': [],
    'no keys': {},
    'a key without x5c': { keys: [{ ...key, x5c: undefined }] },
    'a key with two certificates': { keys: [{ ...key, x5c: [key.x5c[0], key.x5c[0]] }] },
    'a certificate that is no base64': { keys: [{ ...key, x5c: ['***'] }] },
    'a certificate that is none': { keys: [{ ...key, x5c: ['AAAA'] }] },
    'a key that is text': { keys: ['x'] },
    'a sequence that is text': { ...document, spiffe_sequence: '7' },
    'too many keys': { keys: Array.from({ length: 65 }, () => key) },
    'a leaf for an intermediate': {
      ...document,
      lateen_intermediates: [authority.certificate().certificate.raw.toString('base64')],
    },
  };
  for (const [what, value] of Object.entries(refused)) {
    it(`refuses ${what}`, () => assert.throws(() => parseBundle('cluster.local', value), invalid));
  }
});
