import assert from 'node:assert/strict';
import { normalizePath } from '../src/index.ts';

describe('normalizePath', () => {
  const cases: Readonly<Record<string, string | undefined>> = {
    '/a/b?x=1': '/a/b?x=1',
    '/a//b': '/a//b',
    '//a': '//a',
    '/a/./b': '/a/b',
    '/a/../b': '/b',
    '/../a': '/a',
    '/a/b/..': '/a/',
    '/a/b/.': '/a/b/',
    '/a%2Fb': '/a%2Fb',
    '/a%5Cb': '/a%5Cb',
    '/a\\b': '/a/b',
    '/%2e%2e/a': '/a',
    '/a/%2E./b': '/b',
    '/a%zz': '/a%zz',
    '/a;x=1/b': '/a;x=1/b',
    '/a%41b%7e%5F': '/aAb~_',
    '/%C3%A4': '/%C3%A4',
    '/a?b=../c': '/a?b=../c',
    '/a?b=%41': '/a?b=%41',
    '/a#f?x': '/a',
    '/a/.b/..c': '/a/.b/..c',
    '/a%00b': undefined,
    '*': '*',
  };
  for (const [from, to] of Object.entries(cases)) {
    it(`makes ${to} of ${from}`, () => assert.equal(normalizePath(from), to));
  }

  it('leaves nothing to do a second time', () => {
    for (const from of Object.keys(cases)) {
      const once = normalizePath(from);
      if (once !== undefined) assert.equal(normalizePath(once), once);
    }
  });
});
