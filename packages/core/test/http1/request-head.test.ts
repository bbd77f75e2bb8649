import assert from 'node:assert/strict';
import { isUpgrade, readRequestHead, REFUSALS } from '@lateen/core';

const read = (
  url: string,
  rawHeaders: readonly string[] = ['Host', 'ratings:9080'],
  more: { method?: string; httpVersion?: string } = {},
) => readRequestHead({ httpVersion: '1.1', method: 'GET', url, rawHeaders, ...more });

describe('readRequestHead', () => {
  it('takes the path as it is, and the host from its header', () => {
    assert.deepEqual(read('/a/../b?c#d'), { authority: 'ratings:9080', path: '/a/../b?c#d' });
  });

  it('lets an absolute target beat the Host header', () => {
    assert.deepEqual(read('http://reviews:9080/x?y=1'), { authority: 'reviews:9080', path: '/x?y=1' });
    assert.deepEqual(read('HTTPS://reviews'), { authority: 'reviews', path: '/' });
    assert.deepEqual(read('http://reviews?a=1'), { authority: 'reviews', path: '/?a=1' });
    assert.deepEqual(read('http://reviews/', []), { authority: 'reviews', path: '/' });
  });

  it('makes one host of several lines, which no rule can be for', () => {
    assert.deepEqual(read('/', ['Host', 'good', 'host', 'bad']), { authority: 'good,bad', path: '/' });
  });

  it('refuses a request without a host, and takes an empty one', () => {
    assert.equal(read('/', []), REFUSALS.noHost);
    assert.deepEqual(read('/', ['host', '']), { authority: '', path: '/' });
  });

  it('refuses characters that no authority has', () => {
    for (const host of ['a b', 'a/b', 'a\\b', 'a"b', '<a>']) assert.equal(read('/', ['host', host]), REFUSALS.badRequest);
    assert.deepEqual(read('/', ['host', 'user@ratings']), { authority: 'user@ratings', path: '/' });
    assert.deepEqual(read('/', ['host', '[::1]:80']), { authority: '[::1]:80', path: '/' });
  });

  it('answers 404 to OPTIONS *, and 400 to what is neither path nor URL', () => {
    assert.equal(read('*'), REFUSALS.noPath);
    for (const target of ['\\admin', 'ftp://a/', 'http:///a', 'ratings:80', '']) assert.equal(read(target), REFUSALS.badRequest);
  });

  it('answers 426 to every version but 1.1', () => {
    for (const httpVersion of ['1.0', '2.0']) assert.equal(read('/', undefined, { httpVersion }), REFUSALS.upgradeRequired);
    assert.equal(read('/', undefined, { httpVersion: '0.9' }), REFUSALS.badRequest);
  });

  it('answers 431 to more than a hundred header lines', () => {
    const lines = (count: number): string[] => ['host', 'a', ...Array.from({ length: count - 1 }, () => ['x', '1']).flat()];
    assert.deepEqual(read('/', lines(100)), { authority: 'a', path: '/' });
    assert.equal(read('/', lines(101)), REFUSALS.headersTooLarge);
  });

  it('answers 501 to a transfer coding besides chunked', () => {
    assert.deepEqual(read('/', ['host', 'a', 'Transfer-Encoding', ' Chunked']), { authority: 'a', path: '/' });
    for (const coding of ['gzip', 'gzip, chunked', 'identity', ''])
      assert.equal(read('/', ['host', 'a', 'transfer-encoding', coding]), REFUSALS.notImplemented);
  });

  it('reads the target of CONNECT as the authority', () => {
    assert.deepEqual(read('ratings:80', [], { method: 'CONNECT' }), { authority: 'ratings:80', path: '' });
  });
});

describe('isUpgrade', () => {
  it('is everything but h2c, which is read as HTTP/1.1', () => {
    assert.deepEqual(
      ['websocket', 'H2C', undefined].map((upgrade) => isUpgrade({ headers: { upgrade } })),
      [true, false, true],
    );
  });
});
