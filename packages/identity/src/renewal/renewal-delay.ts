import type { Random } from '@lateen/core';
import type { Svid } from '../svid.ts';

const EARLIEST = 0.4;
const SPREAD = 0.2;

/** When to renew, ms after `receivedAt`: 50 % ± 10 % of what was left when it came, so that a fleet started at once spreads out. */
export function renewalDelayMs(svid: Pick<Svid, 'receivedAt' | 'notAfter'>, random: Random): number {
  return Math.max(0, svid.notAfter - svid.receivedAt) * (EARLIEST + SPREAD * random.next());
}

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;
/** A certificate of seconds must get several tries before it ends. */
const RETRY_SHARE = 0.05;

/** The wait before try `failures + 1`: doubles from 1 s to 1 min or 5 % of the certificate's life, the shorter; half of it by chance. */
export function renewalRetryMs(svid: Pick<Svid, 'receivedAt' | 'notAfter'>, failures: number, random: Random): number {
  const ceilingMs = Math.min(LONGEST_RETRY_MS, Math.max(FIRST_RETRY_MS, (svid.notAfter - svid.receivedAt) * RETRY_SHARE));
  const backoffMs = Math.min(ceilingMs, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 16));
  return backoffMs * (0.5 + 0.5 * random.next());
}
