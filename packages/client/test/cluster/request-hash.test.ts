import assert from 'node:assert/strict';
import { seededRandom } from '@lateen/core';
import { NO_HASH } from '@lateen/balancer';
import { cookieValue, newCookieValue, setCookie } from '../../src/cluster/hash-cookie.ts';
import { requestHash } from '../../src/cluster/request-hash.ts';

const request = (headers: readonly string[], path = '/') => ({
  method: 'GET',
  path,
  authority: 'ten:9080',
  port: 9080,
  scheme: 'http',
  headers,
});

describe('requestHash', () => {
  it('takes a header by its name in any case, all its lines in any order; an empty one is one, an absent one none', () => {
    const key = { kind: 'header', name: 'x-user' } as const;
    const ann = requestHash(key, request(['X-User', 'ann']));
    assert.equal(ann, requestHash(key, request(['a', 'b', 'x-user', 'ann'])));
    assert.notEqual(ann, requestHash(key, request(['x-user', 'bob'])));
    assert.equal(
      requestHash(key, request(['x-user', 'a', 'x-user', 'b'])),
      requestHash(key, request(['x-user', 'b', 'x-user', 'a'])),
    );
    assert.notEqual(requestHash(key, request(['x-user', ''])), NO_HASH);
    assert.equal(requestHash(key, request([])), NO_HASH);
  });

  it("takes a query parameter's first occurrence as it is written", () => {
    const key = { kind: 'query', name: 'u' } as const;
    assert.equal(requestHash(key, request([], '/?a=1&u=x&u=y')), requestHash(key, request([], '/p?u=x')));
    assert.notEqual(requestHash(key, request([], '/?u=%41')), requestHash(key, request([], '/?u=A')));
    assert.equal(requestHash(key, request([], '/u=x')), NO_HASH);
  });

  it('takes the last forwarded address, else this process, for the source', () => {
    const key = { kind: 'source-ip' } as const;
    assert.equal(
      requestHash(key, request(['x-forwarded-for', '1.1.1.1, 2.2.2.2'])),
      requestHash(key, request(['x-forwarded-for', '2.2.2.2'])),
    );
    assert.equal(requestHash(key, request([])), requestHash(key, request([], '/other')));
    assert.notEqual(requestHash(key, request([])), NO_HASH);
  });
});

describe('cookieValue', () => {
  it('finds a cookie among others, without quotes', () => {
    assert.equal(cookieValue(['Cookie', 'a=1; session="abc"; b=2'], 'session'), 'abc');
    assert.equal(cookieValue(['cookie', 'a=1', 'cookie', 'session=x=y'], 'session'), 'x=y');
    assert.equal(cookieValue(['cookie', 'xsession=1'], 'session'), undefined);
  });
});

describe('setCookie', () => {
  it('writes what is asked for in Envoy’s order', () => {
    const cookie = { kind: 'cookie', name: 's', path: '/p', ttlSeconds: 60, attributes: ['SameSite=Lax', 'Secure'] } as const;
    assert.equal(setCookie(cookie, 'ab'), 's="ab"; Max-Age=60; Path=/p; SameSite=Lax; Secure; HttpOnly');
    assert.equal(setCookie({ ...cookie, ttlSeconds: 0, path: '', attributes: [] }, 'ab'), 's="ab"; HttpOnly');
  });
});

describe('newCookieValue', () => {
  it('is 16 hexadecimal digits, another one each time', () => {
    const random = seededRandom(1);
    const values = Array.from({ length: 100 }, () => newCookieValue(random));
    for (const value of values) assert.match(value, /^[0-9a-f]{16}$/);
    assert.equal(new Set(values).size, 100);
  });
});
