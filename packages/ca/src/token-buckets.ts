import type { Clock } from '@lateen/core';

export interface RateLimit {
  /** How many at once. */
  readonly burst: number;
  readonly perSecond: number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

const MAX_KEYS = 10_000;

/** One token bucket per key, on monotonic time; the key that was quiet longest is forgotten when there are too many. */
export class TokenBuckets {
  readonly #clock: Clock;
  readonly #limit: RateLimit;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, limit: RateLimit) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Takes one token. False: too fast. */
  take(key: string): boolean {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(key) ?? this.#newBucket(now);
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    const earned = ((now - bucket.filledAt) / 1000) * this.#limit.perSecond;
    bucket.tokens = Math.min(this.#limit.burst, bucket.tokens + earned);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }

  #newBucket(now: number): Bucket {
    if (this.#buckets.size >= MAX_KEYS) this.#buckets.delete(this.#buckets.keys().next().value as string);
    return { tokens: this.#limit.burst, filledAt: now };
  }
}
