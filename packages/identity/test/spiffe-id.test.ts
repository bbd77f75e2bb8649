import assert from 'node:assert/strict';
import { formatSpiffeId, isTrustDomain, parseSpiffeId } from '../src/spiffe-id.ts';

describe('parseSpiffeId', () => {
  it('takes an Istio-shaped ID apart', () => {
    assert.deepEqual(parseSpiffeId('spiffe://cluster.local/ns/default/sa/bookinfo-reviews'), {
      id: 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews',
      trustDomain: 'cluster.local',
      namespace: 'default',
      serviceAccount: 'bookinfo-reviews',
    });
  });

  it('knows other IDs without a namespace', () => {
    const id = parseSpiffeId('spiffe://11111111-2222.consul/ns/default/dc/dc1/svc/cart');
    assert.equal(id?.trustDomain, '11111111-2222.consul');
    assert.equal(id?.serviceAccount, '');
  });

  const refused = {
    'an upper-case trust domain': 'spiffe://Cluster.local/ns/a/sa/b',
    'an upper-case scheme': 'SPIFFE://cluster.local/ns/a/sa/b',
    'a percent sign': 'spiffe://cluster.local/ns/%2e%2e/sa/b',
    'a port': 'spiffe://cluster.local:443/ns/a/sa/b',
    'a user': 'spiffe://u@cluster.local/ns/a/sa/b',
    'a dot segment': 'spiffe://cluster.local/ns/./sa/b',
    'a double-dot segment': 'spiffe://cluster.local/ns/../sa/b',
    'an empty segment': 'spiffe://cluster.local/ns//sa/b',
    'a trailing slash': 'spiffe://cluster.local/ns/a/sa/b/',
    'no path': 'spiffe://cluster.local',
    'a query': 'spiffe://cluster.local/ns/a/sa/b?x',
    'a fragment': 'spiffe://cluster.local/ns/a/sa/b#x',
    'a newline at the end': 'spiffe://cluster.local/ns/a/sa/b\n',
    'a NUL': 'spiffe://cluster.local/ns/a/sa/b\0',
    'a comma that smuggles a second one': 'spiffe://cluster.local/ns/a/sa/b,URI:spiffe://cluster.local/ns/a/sa/admin',
    'a letter beyond ASCII': 'spiffe://cluster.local/ns/a/sa/ä',
    'more than 2048 characters': `spiffe://cluster.local/${'a'.repeat(2048)}`,
    'another scheme': 'https://cluster.local/ns/a/sa/b',
  };
  for (const [what, text] of Object.entries(refused)) {
    it(`refuses ${what}`, () => assert.equal(parseSpiffeId(text), undefined));
  }
});

describe('formatSpiffeId', () => {
  it('makes what parseSpiffeId reads', () => {
    const parts = { trustDomain: 'cluster.local', namespace: 'default', serviceAccount: 'reviews' };
    assert.deepEqual(parseSpiffeId(formatSpiffeId(parts)), { id: 'spiffe://cluster.local/ns/default/sa/reviews', ...parts });
  });

  for (const serviceAccount of ['', '..', 'a/b', 'a b', 'a\n']) {
    it(`refuses the service account ${JSON.stringify(serviceAccount)}`, () => {
      assert.throws(() => formatSpiffeId({ trustDomain: 'cluster.local', namespace: 'default', serviceAccount }), {
        code: 'LATEEN_BAD_OPTION',
      });
    });
  }
});

describe('isTrustDomain', () => {
  it('takes lower case only', () => {
    assert.deepEqual(['cluster.local', 'Cluster', '', 'a/b', 'a\n'].map(isTrustDomain), [true, false, false, false, false]);
  });
});
