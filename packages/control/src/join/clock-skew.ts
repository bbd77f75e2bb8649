import { formatDuration, LateenError } from '@lateen/core';

/** Beyond this the clocks are said to differ, even where certificates would still pass. */
const MAX_SKEW_MS = 5 * 60_000;
/** How far outside its life a certificate that was just issued may seem before the clock is to blame. */
const CERTIFICATE_TOLERANCE_MS = 60_000;

/** Our clock less lateend's, ms, as the `Date` header of an answer tells; 0 where there is none. */
export function clockSkewMs(dateHeader: string | undefined, nowWallMs: number): number {
  const theirs = dateHeader === undefined ? Number.NaN : Date.parse(dateHeader);
  return Number.isNaN(theirs) ? 0 : nowWallMs - theirs;
}

/** @throws {LateenError} `LATEEN_CLOCK_SKEW` when the clocks differ by more than five minutes. */
export function refuseSkew(skewMs: number, url: string): void {
  if (Math.abs(skewMs) > MAX_SKEW_MS) throw skewError(skewMs, url);
}

/** @throws {LateenError} `LATEEN_CLOCK_SKEW` when a certificate that was issued just now is not valid by our clock. */
export function refuseUntimely(
  certificate: { readonly notBefore: number; readonly notAfter: number },
  now: number,
  url: string,
): void {
  const { notBefore, notAfter } = certificate;
  if (now < notBefore - CERTIFICATE_TOLERANCE_MS) throw skewError(now - notBefore, url);
  if (now > notAfter + CERTIFICATE_TOLERANCE_MS) throw skewError(now - notAfter, url);
}

/** `10m behind`, `1m30s ahead of`: whole minutes from two on, since a `Date` header knows only seconds. */
export function skewText(skewMs: number): string {
  const amountMs = Math.abs(skewMs);
  const unitMs = amountMs < 110_000 ? 1_000 : 60_000;
  return `${formatDuration(Math.round(amountMs / unitMs) * unitMs)} ${skewMs < 0 ? 'behind' : 'ahead of'}`;
}

function skewError(skewMs: number, url: string): LateenError {
  return new LateenError('LATEEN_CLOCK_SKEW', `the clock of this machine is ${skewText(skewMs)} lateend's at ${url}`, {
    target: url,
    hint: 'set the clock (NTP); it is tried again by itself',
  });
}
