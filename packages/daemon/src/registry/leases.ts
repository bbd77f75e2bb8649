import type { Clock, Timer } from '@lateen/core';

export interface LeasesOptions {
  readonly leaseMs: number;
  readonly clock: Clock;
  /** Whether the process behind the key has a stream open: then its lease does not run. */
  isConnected(instance: string): boolean;
  onExpired(instance: string): void;
}

const SWEEP_MS = 500;

/** How long each process may stay unheard of. */
export class Leases {
  readonly #options: LeasesOptions;
  readonly #until = new Map<string, number>();
  #timer: Timer;
  #lastSweep: number;

  constructor(options: LeasesOptions) {
    this.#options = options;
    this.#lastSweep = options.clock.now();
    this.#timer = this.#plan();
  }

  renew(instance: string): void {
    this.#until.set(instance, this.#options.clock.now() + this.#options.leaseMs);
  }

  drop(instance: string): void {
    this.#until.delete(instance);
  }

  close(): void {
    this.#timer.cancel();
  }

  #plan(): Timer {
    return this.#options.clock.setTimeout(() => {
      this.#sweep();
      this.#timer = this.#plan();
    }, SWEEP_MS);
  }

  #sweep(): void {
    const { clock, isConnected, onExpired } = this.#options;
    const now = clock.now();
    // When lateend itself was stopped (a suspended machine, a blocked loop), nobody could be heard: that time does not count.
    const stalledMs = Math.max(0, now - this.#lastSweep - 2 * SWEEP_MS);
    this.#lastSweep = now;
    for (const [instance, until] of this.#until) {
      if (isConnected(instance)) this.renew(instance);
      else if (stalledMs > 0) this.#until.set(instance, until + stalledMs);
      else if (until <= now) {
        this.#until.delete(instance);
        onExpired(instance);
      }
    }
  }
}
