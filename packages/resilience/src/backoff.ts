import type { Random } from '@lateen/core';
import type { BackoffSettings } from './retry-policy.ts';

/**
 * Milliseconds to wait before retry number `retryIndex` (0 = the first): uniform in [0, min(base × 2^n, max)).
 * Source: Brooker, "Exponential Backoff and Jitter" (2015), full jitter; Envoy's router does the same.
 */
export function backoffMs(settings: BackoffSettings, retryIndex: number, random: Random): number {
  const ceiling = Math.min(settings.baseMs * 2 ** Math.min(retryIndex, 30), settings.maxMs);
  return random.next() * ceiling;
}
