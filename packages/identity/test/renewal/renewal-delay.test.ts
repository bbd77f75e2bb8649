import assert from 'node:assert/strict';
import { seededRandom } from '@lateen/core';
import fc from 'fast-check';
import { renewalDelayMs, renewalRetryMs } from '../../src/renewal/renewal-delay.ts';

describe('renewalDelayMs', () => {
  it('is 40 to 60 % of receipt to end, whatever the chance', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 86_400_000 }), (seed, lifeMs) => {
        const delayMs = renewalDelayMs({ receivedAt: 1000, notAfter: 1000 + lifeMs }, seededRandom(seed));
        assert.ok(delayMs >= 0.4 * lifeMs && delayMs <= 0.6 * lifeMs);
      }),
    );
  });

  it('is at once for a certificate that came too late', () => {
    assert.equal(renewalDelayMs({ receivedAt: 2000, notAfter: 1000 }, seededRandom(1)), 0);
  });
});

describe('renewalRetryMs', () => {
  const always = (value: number) => ({ next: () => value, int: () => 0 });
  const hour = { receivedAt: 0, notAfter: 3_600_000 };

  it('doubles up to a minute', () => {
    assert.deepEqual(
      [1, 2, 3, 6, 7, 50].map((failures) => renewalRetryMs(hour, failures, always(1))),
      [1000, 2000, 4000, 32_000, 60_000, 60_000],
    );
  });
  it('leaves up to half of it to chance', () => {
    assert.equal(renewalRetryMs(hour, 3, always(0)), 2000);
  });
  it('stays short for a certificate of seconds', () => {
    assert.equal(renewalRetryMs({ receivedAt: 0, notAfter: 30_000 }, 9, always(1)), 1500);
  });
});
