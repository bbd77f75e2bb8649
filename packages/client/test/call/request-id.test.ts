import assert from 'node:assert/strict';
import { newRequestId } from '../../src/call/request-id.ts';

describe('newRequestId', () => {
  it('gives distinct UUIDs of version 8', () => {
    const ids = new Set(Array.from({ length: 50_000 }, newRequestId));
    assert.equal(ids.size, 50_000);
    for (const id of [...ids].slice(0, 100)) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
