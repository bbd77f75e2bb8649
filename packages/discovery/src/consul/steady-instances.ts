import type { Clock, Timer } from '@lateen/core';
import type { ConsulInstance } from './consul-instance.ts';

/** How long the last good set stays when Consul says all at once that nobody is there. */
const EMPTY_GRACE_MS = 5_000;
/** How long after Consul is back missing instances have to be found again: they learn of it, and register anew. */
const RECOVERY_GRACE_MS = 15_000;

interface Held {
  readonly instance: ConsulInstance;
  /** Monotonic ms at which it goes; 0 while Consul names it. */
  goesAt: number;
}

/**
 * The instances of one service, kept steady: what Consul names is there at once, what it no longer names goes at once while Consul is
 * well, and later when the answer may not be the truth: just after an outage, or when it is empty all of a sudden.
 * Source: Finagle's `StabilizingAddr`, with a special case for the empty set.
 */
export class SteadyInstances {
  readonly #clock: Clock;
  readonly #onExpired: () => void;
  readonly #held = new Map<string, Held>();
  #doubtUntil = 0;
  #timer: Timer | undefined;

  /** @param onExpired the set shrank because a grace ended. */
  constructor(clock: Clock, onExpired: () => void) {
    this.#clock = clock;
    this.#onExpired = onExpired;
  }

  get instances(): readonly ConsulInstance[] {
    return [...this.#held.values()].map(({ instance }) => instance);
  }

  /** Consul is back from an outage, or began anew: what it does not name yet is not gone for certain. */
  doubt(): void {
    this.#doubtUntil = this.#clock.now() + RECOVERY_GRACE_MS;
  }

  apply(named: readonly ConsulInstance[]): void {
    const now = this.#clock.now();
    const keys = new Set(named.map(({ key }) => key));
    const addresses = new Set(named.map(addressOf));
    const goesAt = Math.max(this.#doubtUntil, named.length === 0 ? now + EMPTY_GRACE_MS : 0);
    for (const [key, held] of this.#held) {
      if (keys.has(key)) continue;
      if (held.goesAt === 0) held.goesAt = goesAt;
      // A process that came back under a new name on its old port is not two.
      if (goesAt <= now || addresses.has(addressOf(held.instance))) this.#held.delete(key);
    }
    for (const instance of named) this.#held.set(instance.key, { instance, goesAt: 0 });
    this.#plan();
  }

  close(): void {
    this.#timer?.cancel();
  }

  #plan(): void {
    this.#timer?.cancel();
    const times = [...this.#held.values()].map(({ goesAt }) => goesAt).filter((at) => at > 0);
    if (times.length === 0) return;
    this.#timer = this.#clock.setTimeout(() => this.#expire(), Math.min(...times) - this.#clock.now());
  }

  #expire(): void {
    const now = this.#clock.now();
    for (const [key, { goesAt }] of this.#held) if (goesAt > 0 && goesAt <= now) this.#held.delete(key);
    this.#plan();
    this.#onExpired();
  }
}

function addressOf({ endpoint, servicePort }: ConsulInstance): string {
  return `${endpoint.address} ${endpoint.port} ${servicePort}`;
}
