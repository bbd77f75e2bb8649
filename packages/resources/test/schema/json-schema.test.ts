import assert from 'node:assert/strict';
import type { TSchema } from 'typebox';
import { refused } from '../../src/schema/fields.ts';
import { array, integer, object, optional, record, string } from '../../src/schema/json-schema.ts';
import { schemaProblems } from '../../src/schema/check-schema.ts';

const problemsOf = (schema: TSchema, value: unknown): string[] =>
  schemaProblems(schema, value).map(({ pointer, message }) => `${pointer} ${message}`);

describe('object', () => {
  const shared = object({ port: integer(1, 9) });
  const schema = object({ name: string(), place: optional(shared), places: optional(array(shared)), later: refused('wait') });

  it('is plain JSON Schema', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(schema)).required, ['name']);
    assert.equal(JSON.stringify(schema).includes('~'), false);
  });

  it('wants what is not optional, and nothing that it does not name', () => {
    assert.deepEqual(problemsOf(schema, { name: 'a' }), []);
    assert.deepEqual(problemsOf(schema, {}), [' field name is missing']);
    assert.deepEqual(problemsOf(schema, { name: 'a', nmae: 'b' }), ['/nmae unknown field "nmae"']);
  });

  it('does not make a shared part optional for all who share it', () => {
    assert.deepEqual((object({ shared }) as { required: string[] }).required, ['shared']);
  });

  it('tells each problem once and where it is', () => {
    assert.deepEqual(problemsOf(schema, { name: 1, place: { port: 10 }, places: [{ port: 1 }, 2], later: 0 }), [
      '/name name must be a string',
      '/place/port port must be <= 9',
      '/places/1 1 must be an object',
      '/later field later is not supported',
    ]);
  });
});

describe('record', () => {
  const schema = object({ ports: record(integer(1, 9), 'dns-label') });

  it('checks values and keys, and points at the key that is wrong', () => {
    assert.deepEqual(problemsOf(schema, { ports: { web: 1 } }), []);
    assert.deepEqual(problemsOf(schema, { ports: { web: 0 } }), ['/ports/web web must be >= 1']);
    assert.deepEqual(problemsOf(schema, { ports: { 'a/b': 1 } }), [
      '/ports/a~1b ports: "a/b" is not a name of letters, digits and dashes',
    ]);
  });
});
