import type { Clock } from '@lateen/core';
import type { Http2Limits, Rate } from './limits.ts';

export type FloodKind = 'resets' | 'pings' | 'settings' | 'emptyFrames' | 'priorities' | 'windowUpdates';

/** A bucket that leaks `perSecond` and overflows above `burst`. The clock is asked only when it is full. */
class LeakyBucket {
  readonly #rate: Rate;
  #level = 0;
  #since = 0;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Whether one more is still fine. */
  add(clock: Clock): boolean {
    if (this.#level === 0) this.#since = clock.now();
    if (++this.#level <= this.#rate.burst) return true;
    const now = clock.now();
    this.#level = Math.max(this.#level - ((now - this.#since) / 1000) * this.#rate.perSecond, 1);
    this.#since = now;
    return this.#level <= this.#rate.burst;
  }
}

/** Counts what a peer sends that costs us and gets nobody anything. */
export class FloodGuard {
  readonly #clock: Clock;
  readonly #limits: Http2Limits;
  readonly #buckets = new Map<FloodKind, LeakyBucket>();

  constructor(clock: Clock, limits: Http2Limits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** One more of `kind`. False: it is a flood. */
  allows(kind: FloodKind): boolean {
    let bucket = this.#buckets.get(kind);
    if (!bucket) this.#buckets.set(kind, (bucket = new LeakyBucket(this.#limits[kind])));
    return bucket.add(this.#clock);
  }
}
