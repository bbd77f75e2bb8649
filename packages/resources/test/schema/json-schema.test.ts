import assert from 'node:assert/strict';
import type { TSchema } from 'typebox';
import { refused } from '../../src/schema/fields.ts';
import { array, integer, object, optional, record, string } from '../../src/schema/json-schema.ts';
import { schemaProblems } from '../../src/schema/check-schema.ts';

const problemsOf = (schema: TSchema, value: unknown): string[] =>
  schemaProblems(schema, value).map(({ pointer, message }) => `${pointer} ${message}`);

describe('object', () => {
  const shared = object({ port: integer(1, 9) });
  const schema = object({
    name: string(),
    place: optional(shared),
    places: optional(array(shared)),
    later: refused(integer(0, 9), 'it is early', 'wait'),
  });

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
      '/name name must be a string, not a number',
      '/place/port port 10 is not in the range 1 to 9',
      '/places/1 item must be an object, not a number',
      '/later field later is not supported: it is early',
    ]);
  });
});

describe('record', () => {
  const schema = object({ ports: record(integer(1, 9), 'dns-label') });

  it('checks values and keys, and points at the key that is wrong', () => {
    assert.deepEqual(problemsOf(schema, { ports: { web: 1 } }), []);
    assert.deepEqual(problemsOf(schema, { ports: { web: 0 } }), ['/ports/web web 0 is not in the range 1 to 9']);
    assert.deepEqual(problemsOf(schema, { ports: { 'a/b': 1 } }), [
      '/ports/a~1b "a/b" is not a name of letters, digits and dashes',
    ]);
  });
});
