/** Keeps retries a small share of the traffic, so that they cannot turn a brown-out into an outage. One per cluster. */
export interface RetryBudget {
  /** A first try begins. */
  onRequest(nowMs: number): void;
  /** A first try, with all its retries, has ended. */
  onRequestEnd(): void;
  /** Takes a retry out of the budget; false when it is spent. */
  tryWithdraw(nowMs: number): boolean;
  /** A retry that was withdrawn has ended. */
  onRetryEnd(): void;
  /** Retries that could be made now; Infinity without a limit. For `explain`. */
  available(nowMs: number): number;
}

/** The kinds that `@lateen/routing`'s `RetryBudgetSettings` can name. */
export type RetryBudgetOptions =
  | { readonly kind: 'active-requests'; readonly percent: number; readonly minConcurrency: number }
  | { readonly kind: 'token-bucket'; readonly percent: number; readonly minPerSec: number }
  | { readonly kind: 'none' };

export function createRetryBudget(options: RetryBudgetOptions, nowMs: number): RetryBudget {
  switch (options.kind) {
    case 'active-requests':
      return new ActiveRequestsBudget(options.percent, options.minConcurrency);
    case 'token-bucket':
      return new TokenBucketBudget(options.percent, options.minPerSec, nowMs);
    case 'none':
      return UNLIMITED;
  }
}

/** Retries in flight ≤ `percent` of requests in flight, at least `minConcurrency`. Source: Envoy's `retry_budget`. */
class ActiveRequestsBudget implements RetryBudget {
  readonly #share: number;
  readonly #minConcurrency: number;
  #requests = 0;
  #retries = 0;

  constructor(percent: number, minConcurrency: number) {
    this.#share = percent / 100;
    this.#minConcurrency = minConcurrency;
  }

  onRequest(): void {
    this.#requests++;
  }

  onRequestEnd(): void {
    this.#requests--;
  }

  tryWithdraw(): boolean {
    if (this.available() < 1) return false;
    this.#retries++;
    return true;
  }

  onRetryEnd(): void {
    this.#retries--;
  }

  available(): number {
    return Math.floor(Math.max(this.#requests * this.#share, this.#minConcurrency)) - this.#retries;
  }
}

const BUCKET_SECONDS = 10;
/** How long deposits may wait for the clock: a hundredth of what is remembered, and no exponential in each request. */
const REFILL_EVERY_MS = 100;

/**
 * Each request deposits `percent` of a retry, and `minPerSec` come with time; what is not used within about ten seconds is lost.
 * Source: Finagle's `RetryBudget`, as a leaky bucket with a cap instead of a ring of windows.
 */
class TokenBucketBudget implements RetryBudget {
  readonly #deposit: number;
  readonly #perMs: number;
  readonly #reserve: number;
  #tokens: number;
  #recent = 0;
  #refilledAt: number;

  constructor(percent: number, minPerSec: number, nowMs: number) {
    this.#deposit = percent / 100;
    this.#perMs = minPerSec / 1_000;
    this.#reserve = minPerSec * BUCKET_SECONDS;
    this.#tokens = this.#reserve;
    this.#refilledAt = nowMs;
  }

  onRequest(nowMs: number): void {
    if (nowMs - this.#refilledAt >= REFILL_EVERY_MS) this.#refill(nowMs);
    this.#recent += this.#deposit;
    this.#tokens += this.#deposit;
  }

  onRequestEnd(): void {}

  tryWithdraw(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  onRetryEnd(): void {}

  available(nowMs: number): number {
    this.#refill(nowMs);
    return Math.floor(this.#tokens);
  }

  /** What traffic of the last ten seconds deposited decays; the bucket never holds more than that and the reserve. */
  #refill(nowMs: number): void {
    const elapsedMs = nowMs - this.#refilledAt;
    if (elapsedMs <= 0) return;
    this.#refilledAt = nowMs;
    this.#recent *= Math.exp(-elapsedMs / (BUCKET_SECONDS * 1_000));
    this.#tokens = Math.min(this.#tokens + elapsedMs * this.#perMs, this.#reserve + this.#recent);
  }
}

const UNLIMITED: RetryBudget = {
  onRequest() {},
  onRequestEnd() {},
  tryWithdraw: () => true,
  onRetryEnd() {},
  available: () => Number.POSITIVE_INFINITY,
};
