/** The header that carries a deadline between Lateen peers: milliseconds that remain when it is sent. */
export const DEADLINE_HEADER = 'x-envoy-expected-rq-timeout-ms';

/** The header's value for a deadline; at least 1, since 0 reads as "no deadline" to Envoy. */
export function deadlineHeaderValue(deadline: number, nowMs: number): string {
  return String(Math.max(1, Math.floor(deadline - nowMs)));
}

/** The deadline that a header's value means here, monotonic ms; Infinity when it says nothing sensible. */
export function deadlineFromHeader(value: string | undefined, nowMs: number): number {
  if (value === undefined || !/^[1-9]\d{0,8}$/.test(value)) return Number.POSITIVE_INFINITY;
  return nowMs + Number(value);
}

/** The earlier of the caller's deadline and the route's timeout (0 = none), monotonic ms. */
export function callDeadline(inherited: number, timeoutMs: number, nowMs: number): number {
  return timeoutMs > 0 ? Math.min(inherited, nowMs + timeoutMs) : inherited;
}
