import type { Clock } from '@lateen/core';

let second = -1;
let text = '';

/** The Date field (RFC 9110 §6.6.1), made once a second. */
export function httpDate(clock: Clock): string {
  const now = clock.wallNow();
  const current = Math.floor(now / 1000);
  if (current !== second) {
    second = current;
    text = new Date(now).toUTCString();
  }
  return text;
}
