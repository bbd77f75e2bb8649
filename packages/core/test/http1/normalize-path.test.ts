import assert from 'node:assert/strict';
import { normalizePath } from '@lateen/core';

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
    '/a//../b': '/a/b',
    '/a"<>`{}|b': '/a%22%3C%3E%60%7B%7D|b',
    '/a%00b': undefined,
    '*': '*',
  };
  for (const [from, to] of Object.entries(cases)) {
    it(`makes ${to} of ${from}`, () => assert.equal(normalizePath(from), to));
  }

  it('merges slashes where asked to, after dot segments are resolved', () => {
    const merge = (target: string): string | undefined => normalizePath(target, 'MERGE_SLASHES');
    assert.equal(merge('/a//b///c/?d=//e'), '/a/b/c/?d=//e');
    assert.equal(merge('//a'), '/a');
    assert.equal(merge('/\\\\admin'), '/admin');
    assert.equal(merge('/a%2F%2fb'), '/a%2F%2fb');
  });

  it('reads encoded slashes as slashes where asked to', () => {
    const decode = (target: string): string | undefined => normalizePath(target, 'DECODE_AND_MERGE_SLASHES');
    assert.equal(decode('/a%2Fb%2f%5C%5cc?d=%2F'), '/a/b/c?d=%2F');
    assert.equal(decode('/a%2f..%2fb'), '/b');
    assert.equal(decode('/a%00'), undefined);
  });

  it('cuts the fragment off even where nothing else is done', () => {
    assert.equal(normalizePath('/a/../%41#b', 'NONE'), '/a/../%41');
    assert.equal(normalizePath('/a%00?b#c', 'NONE'), '/a%00?b');
  });

  it('leaves nothing to do a second time', () => {
    for (const from of Object.keys(cases)) {
      const once = normalizePath(from);
      if (once !== undefined) assert.equal(normalizePath(once), once);
    }
  });
});
