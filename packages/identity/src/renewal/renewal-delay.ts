import type { Random } from '@lateen/core';
import type { Svid } from '../svid.ts';

/** When to renew, ms after `receivedAt`: 50 % ± 10 % of what was left when it came, so that a fleet started at once spreads out. */
export function renewalDelayMs(svid: Pick<Svid, 'receivedAt' | 'notAfter'>, random: Random): number {
  return (svid.notAfter - svid.receivedAt) * (0.4 + 0.2 * random.next());
}
