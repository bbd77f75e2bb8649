import assert from 'node:assert/strict';
import { DEFAULT_LIMITS } from '../../src/index.ts';
import { fuzz } from './fuzz.ts';
import { roundTrips } from './hpack.ts';

describe('fuzz', () => {
  it('reads random field lists back as they were', () => roundTrips(7, 10_000));

  for (const role of ['server', 'client'] as const) {
    for (const seed of [1, 20_260, 777]) {
      it(`leaves a ${role} session unharmed by frames that are nearly right (seed ${seed})`, async () => {
        const { served, mostBytes, connections } = await fuzz(role, seed, 4_000);
        assert.ok(served > 0 && connections > 5);
        assert.ok(mostBytes < DEFAULT_LIMITS.maxBufferedBytes);
      });
    }
  }
});
