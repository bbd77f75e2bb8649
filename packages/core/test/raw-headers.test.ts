import assert from 'node:assert/strict';
import { headerValue, headerValues, removeHeader, setHeader, toRawHeaders } from '../src/raw-headers.ts';

describe('raw headers', () => {
  const lines = ['Host', 'a', 'X-Tag', '1', 'x-tag', '2'];
  it('look up by lower-case name, first line or all', () => {
    assert.equal(headerValue(lines, 'x-tag'), '1');
    assert.deepEqual(headerValues(lines, 'x-tag'), ['1', '2']);
    assert.equal(headerValue(lines, 'x-none'), undefined);
  });
  it('lose and replace all lines of a name in place', () => {
    const copy = lines.slice();
    assert.ok(removeHeader(copy, 'x-tag'));
    assert.deepEqual(copy, ['Host', 'a']);
    assert.ok(!removeHeader(copy, 'x-tag'));
    setHeader(copy, 'host', 'b');
    assert.deepEqual(copy, ['host', 'b']);
  });
  it('come from every shape that Node, undici and fetch use, repeated lines kept', () => {
    const expected = ['a', '1', 'b', '2', 'b', '3'];
    assert.deepEqual(toRawHeaders({ a: '1', b: ['2', '3'], c: undefined }), expected);
    assert.deepEqual(toRawHeaders(expected), expected);
    assert.deepEqual(
      toRawHeaders([
        ['a', '1'],
        ['b', '2'],
      ]),
      ['a', '1', 'b', '2'],
    );
    assert.deepEqual(toRawHeaders(new Headers({ a: '1' }) as never), ['a', '1']);
    assert.deepEqual(toRawHeaders(null), []);
    assert.deepEqual(toRawHeaders({ n: 5 }), ['n', '5']);
  });
});
