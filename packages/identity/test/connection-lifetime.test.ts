import assert from 'node:assert/strict';
import { connectionLifetime } from '../src/connection-lifetime.ts';

describe('connectionLifetime', () => {
  it('goes by the certificate that ends first', () => {
    assert.deepEqual(connectionLifetime({ notAfter: 11_000 }, 6_000, 1_000), { retireInMs: 4_000, cutInMs: 5_000 });
    assert.deepEqual(connectionLifetime({ notAfter: 6_000 }, 11_000, 1_000), { retireInMs: 4_000, cutInMs: 5_000 });
  });

  it('is over when one of them is', () => {
    assert.deepEqual(connectionLifetime({ notAfter: 500 }, 6_000, 1_000), { retireInMs: 0, cutInMs: 0 });
  });
});
