/** The conditions of `retryOn`, one bit each. */
export const RETRY_ON = {
  '5xx': 1 << 0,
  'gateway-error': 1 << 1,
  reset: 1 << 2,
  'reset-before-request': 1 << 3,
  'connect-failure': 1 << 4,
  'retriable-4xx': 1 << 5,
  'refused-stream': 1 << 6,
  'retriable-status-codes': 1 << 7,
  'retriable-headers': 1 << 8,
  'envoy-ratelimited': 1 << 9,
  cancelled: 1 << 10,
  'deadline-exceeded': 1 << 11,
  internal: 1 << 12,
  'resource-exhausted': 1 << 13,
  unavailable: 1 << 14,
  'http3-post-connect-failure': 1 << 15,
  /** Ours (`defaults: lateen`): a reset of a reused connection before any response byte, idempotent methods only. */
  'reset-on-reused-connection': 1 << 16,
} as const;

/** VirtualService's `retries`, compiled. */
export interface RetryPolicy {
  /** Further tries after the first; 0 = none. */
  readonly maxRetries: number;
  /** 0 = none beyond the route's timeout. */
  readonly perTryTimeoutMs: number;
  /** Bits of {@link RETRY_ON}. */
  readonly conditions: number;
  /** For `retriable-status-codes`. */
  readonly statusCodes: ReadonlySet<number>;
  /** Whether endpoints that were tried come last. */
  readonly avoidsPreviousHosts: boolean;
  /** Whether after every second try the priorities tried so far are left. */
  readonly leavesPriorities: boolean;
}

/** What came of one attempt, as far as retrying goes. */
export interface AttemptOutcome {
  /** 0 = no response. */
  readonly status: number;
  /** From a trailers-only gRPC answer; -1 = none. */
  readonly grpcStatus: number;
  /** No response: what happened instead. `timeout` is the per-try timeout. */
  readonly failure: 'none' | 'connect' | 'reset' | 'timeout' | 'refused' | 'overflow' | 'protocol' | 'local';
  /** Whether the peer may have seen the request. */
  readonly processed: 'no' | 'unknown' | 'yes';
  readonly reusedConnection: boolean;
  /** `x-envoy-ratelimited` was set. */
  readonly rateLimited: boolean;
}

/** Delays between tries, full jitter: uniform in [0, min(base × 2^n, max)). */
export interface BackoffSettings {
  readonly baseMs: number;
  readonly maxMs: number;
}
