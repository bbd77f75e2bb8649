import assert from 'node:assert/strict';
import { seededRandom } from '@lateen/core';
import { Backoff } from '../../src/watch/backoff.ts';

describe('Backoff', () => {
  it('doubles from the first to the longest wait, each within half of what was planned', () => {
    const backoff = new Backoff({ firstMs: 100, maxMs: 5_000, random: seededRandom(1) });
    for (const plannedMs of [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]) {
      const waitMs = backoff.next();
      assert.ok(waitMs >= plannedMs / 2 && waitMs <= plannedMs * 1.5, `${waitMs} for ${plannedMs}`);
    }
  });

  it('starts again after a success', () => {
    const backoff = new Backoff({ firstMs: 100, maxMs: 5_000, random: { next: () => 0.5, int: () => 0 } });
    backoff.next();
    backoff.next();
    backoff.reset();
    assert.equal(backoff.next(), 100);
  });
});
