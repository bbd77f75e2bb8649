import assert from 'node:assert/strict';
import { authorityHost, hostCovers, hostIntersection, HostMap, resolveHost, shortNames } from '../src/host-names.ts';

describe('resolveHost', () => {
  it('completes names without a dot and only those', () => {
    assert.equal(resolveHost('Reviews', 'prod'), 'reviews.prod.svc.cluster.local');
    assert.equal(resolveHost('reviews.default', 'prod'), 'reviews.default');
    assert.equal(resolveHost('*', 'prod'), '*');
  });
});

describe('shortNames', () => {
  it('gives the short name to callers of the same namespace only', () => {
    const host = 'reviews.default.svc.cluster.local';
    assert.deepEqual(shortNames(host, 'default'), ['reviews.default.svc', 'reviews.default', 'reviews']);
    assert.deepEqual(shortNames(host, 'prod'), ['reviews.default.svc', 'reviews.default']);
  });

  it('leaves hosts outside the cluster domain alone', () => {
    assert.deepEqual(shortNames('api.example.com', 'default'), []);
  });
});

describe('authorityHost', () => {
  it('drops port, case and trailing dot and keeps IPv6 whole', () => {
    assert.equal(authorityHost('Reviews.Default.:9080'), 'reviews.default');
    assert.equal(authorityHost('reviews'), 'reviews');
    assert.equal(authorityHost('[::1]:80'), '[::1]');
    assert.equal(authorityHost('[::1]'), '[::1]');
    assert.equal(authorityHost(''), '');
  });
});

describe('hostCovers', () => {
  it('leaves the bare domain out of a wildcard', () => {
    assert.ok(hostCovers('*.example.com', 'a.b.example.com'));
    assert.ok(!hostCovers('*.example.com', 'example.com'));
    assert.ok(!hostCovers('*.example.com', '.example.com'));
    assert.ok(hostCovers('*', 'anything'));
  });
});

describe('hostIntersection', () => {
  it('is the narrower of two patterns', () => {
    assert.equal(hostIntersection('*.example.com', 'a.example.com'), 'a.example.com');
    assert.equal(hostIntersection('a.example.com', '*'), 'a.example.com');
    assert.equal(hostIntersection('*.example.com', '*.a.example.com'), '*.a.example.com');
    assert.equal(hostIntersection('a.example.com', 'b.example.com'), undefined);
  });
});

describe('HostMap', () => {
  it('prefers exact names, then the longest wildcard', () => {
    const map = new HostMap<string>();
    map.add('*', 'any');
    map.add('*.example.com', 'wild');
    map.add('*.a.example.com', 'wilder');
    map.add('x.a.example.com', 'exact');
    assert.equal(map.find('X.a.example.com:80'), 'exact');
    assert.equal(map.find('y.a.example.com'), 'wilder');
    assert.equal(map.find('b.example.com.'), 'wild');
    assert.equal(map.find('example.com'), 'any');
  });

  it('keeps the first of two entries for one name', () => {
    const map = new HostMap<string>();
    assert.ok(map.add('a', '1'));
    assert.ok(!map.add('a', '2'));
    assert.ok(map.add('*', '1'));
    assert.ok(!map.add('*', '2'));
    assert.equal(map.find('a'), '1');
  });
});
