import assert from 'node:assert/strict';
import { fakeClock } from '@lateen/core/testing';
import { TokenBuckets } from '../src/token-buckets.ts';

describe('TokenBuckets', () => {
  it('allows a burst, then the rate, each key by itself', () => {
    const clock = fakeClock();
    const buckets = new TokenBuckets(clock, { burst: 2, perSecond: 4 });
    const take = (key: string, times: number) => Array.from({ length: times }, () => buckets.take(key));
    assert.deepEqual(take('a', 3), [true, true, false]);
    assert.deepEqual(take('b', 1), [true]);
    clock.advance(250);
    assert.deepEqual(take('a', 2), [true, false]);
    clock.advance(60_000);
    assert.deepEqual(take('a', 3), [true, true, false]);
  });

  it('forgets the key that was quiet longest when there are too many', () => {
    const buckets = new TokenBuckets(fakeClock(), { burst: 1, perSecond: 1 });
    buckets.take('busy');
    buckets.take('quiet');
    for (let other = 0; other < 9_998; other++) buckets.take(`other-${other}`);
    assert.equal(buckets.take('busy'), false);
    buckets.take('one-more');
    assert.deepEqual([buckets.take('busy'), buckets.take('quiet')], [false, true]);
  });
});
