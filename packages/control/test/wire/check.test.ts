import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  anything,
  exactly,
  flag,
  integer,
  list,
  oneOf,
  optional,
  parseJson,
  record,
  shape,
  text,
  WireError,
} from '../../src/wire/check.ts';

interface Sample {
  readonly name: string;
  readonly port: number;
  readonly tags: readonly string[];
  readonly mode?: 'a' | 'b';
}

const fields = { name: text(8), port: integer(1, 65_535), tags: list(text(), 2), mode: optional(oneOf(['a', 'b'])) };

describe('shape', () => {
  const check = shape<Sample>(fields);

  it('takes what fits, without the fields it does not know and without absent ones', () => {
    assert.deepEqual(check({ name: 'x', port: 80, tags: [], other: 1 }, ''), { name: 'x', port: 80, tags: [] });
  });

  it('names the place of what does not fit, never its content', () => {
    const refused = (value: unknown, place: RegExp): void =>
      assert.throws(
        () => check(value, ''),
        (error: Error) => error instanceof WireError && place.test(error.message),
      );
    refused({ name: 'x', port: 0, tags: [] }, /^port must be/);
    refused({ name: 'secretsecret', port: 1, tags: [] }, /^name must be text of at most 8/);
    refused({ name: 'x', port: 1, tags: ['a', 2] }, /^tags\[1\] must be text/);
    refused({ name: 'x', port: 1, tags: ['a', 'b', 'c'] }, /^tags must be a list of at most 2/);
    refused({ name: 'x', port: 1, tags: [], mode: 'c' }, /^mode must be one of a, b/);
    refused([], /^the message must be an object/);
    refused(null, /^the message must be an object/);
  });

  it('does not read inherited members', () => {
    assert.throws(() => shape<{ toString: string }>({ toString: text() })({}, ''), /toString must be text/);
  });

  it('throws a WireError or answers, whatever comes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          const { name, port } = check(value, '');
          assert.ok(typeof name === 'string' && Number.isInteger(port));
        } catch (error) {
          assert.ok(error instanceof WireError);
        }
      }),
    );
  });
});

describe('exactly', () => {
  it('refuses a field that nobody knows, by name', () => {
    const check = exactly<{ on: boolean; any?: unknown }>({ on: flag, any: anything });
    assert.deepEqual(check({ on: true }, ''), { on: true });
    assert.throws(() => check({ on: true, off: false }, ''), /^WireError: off must be left out/);
  });
});

describe('record', () => {
  it('keeps own keys only and checks each value', () => {
    assert.deepEqual(record(text())({ a: 'b' }, 'labels'), { a: 'b' });
    assert.throws(() => record(text())({ a: 1 }, 'labels'), /labels\.a must be text/);
  });
});

describe('parseJson', () => {
  it('refuses a __proto__ member at any depth, however it is spelt', () => {
    assert.throws(() => parseJson('{"a":[{"__proto__":{}}]}'), /__proto__ must be left out/);
    assert.throws(() => parseJson('{"\\u005f_proto__":1}'), /__proto__ must be left out/);
  });

  it('says that it is no JSON without quoting it', () => {
    assert.throws(
      () => parseJson('ltj1.secret'),
      (error: Error) => error.message === 'the message must be JSON',
    );
  });
});
