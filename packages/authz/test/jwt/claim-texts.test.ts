import assert from 'node:assert/strict';
import { claimTexts } from '@lateen/authz';

const CLAIMS = { role: 'admin', level: 3, groups: ['a', 1, 'b'], nested: { key1: 'v1' }, 'dotted.claim': 'dot' };

describe('claimTexts', () => {
  it('reads a claim by its name, by dots into objects, or by brackets', () => {
    assert.deepEqual(claimTexts(CLAIMS, '.role'), ['admin']);
    assert.deepEqual(claimTexts(CLAIMS, '.groups'), ['a', 'b']);
    assert.deepEqual(claimTexts(CLAIMS, '.nested.key1'), ['v1']);
    assert.deepEqual(claimTexts(CLAIMS, '[nested][key1]'), ['v1']);
    assert.deepEqual(claimTexts(CLAIMS, '[dotted.claim]'), ['dot']);
  });

  it('finds nothing in what is no text, and nothing without claims', () => {
    for (const name of ['.level', '.nested', '.Role', '.dotted.claim', '.constructor', '.groups.0'])
      assert.deepEqual(claimTexts(CLAIMS, name), [], name);
    assert.deepEqual(claimTexts(undefined, '.role'), []);
  });
});
