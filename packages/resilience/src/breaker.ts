/** What the hot path reads: one int per endpoint. */
export const BREAKER_STATE = { closed: 0, open: 1, halfOpen: 2 } as const;
export type BreakerState = (typeof BREAKER_STATE)[keyof typeof BREAKER_STATE];

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly consecutiveFailures: number;
  /** How long it stays open before one trial is let through. */
  readonly openMs: number;
}

/** Stops sending to an endpoint that fails, and finds out by one request at a time when it is well again. */
export interface Breaker {
  readonly state: BreakerState;
  /** A success closes it, wherever it stood. */
  onSuccess(): void;
  /** A failure counts, and in half-open state opens it again. */
  onFailure(): void;
  /** Half-open lets one request at a time through: true for whoever may go. Closed: always true; open: false. */
  tryAcquire(): boolean;
  /** The request that `tryAcquire` let through ended without a verdict (cancelled). */
  release(): void;
  /** For `/clusters` and `explain`. */
  readonly consecutiveFailures: number;
  close(): void;
}
