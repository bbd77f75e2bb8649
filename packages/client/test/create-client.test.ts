import assert from 'node:assert/strict';
import { harness } from './support/harness.ts';

describe('createClient', () => {
  it('refuses a protocol that is not there', () => {
    assert.throws(() => harness({ protocol: 'http2' }), { code: 'LATEEN_BAD_OPTION' });
  });
});
