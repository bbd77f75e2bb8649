import type { Clock, Logger, Random, Timer } from '@lateen/core';
import type { Svid } from '../svid.ts';
import { renewalDelayMs, renewalRetryMs } from './renewal-delay.ts';

export interface RenewalLoopOptions {
  /** Gets a new certificate for a new key. A rejection is retried with backoff, before and after the old one's end. */
  renew(current: Svid): Promise<Svid>;
  /** Called with each new certificate, before the next wait is planned. */
  onRenewed(svid: Svid): void;
  /** Called after each failed try. */
  onFailed?(error: unknown, current: Svid): void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The wall clock is looked at this often, since a timer does not see a machine's sleep or a stepped clock. */
const LONGEST_NAP_MS = 30_000;

/** Keeps a certificate fresh: waits, renews, and on failure tries again sooner. One renewal at a time. */
export class RenewalLoop {
  readonly #options: RenewalLoopOptions;
  #current: Svid | undefined;
  #dueAtWallMs = 0;
  #failures = 0;
  #renewing = false;
  #timer: Timer | undefined;

  constructor(options: RenewalLoopOptions) {
    this.#options = options;
  }

  /** Begins with (or switches to) this certificate. */
  start(svid: Svid): void {
    this.#current = svid;
    this.#failures = 0;
    this.#dueAtWallMs = svid.receivedAt + renewalDelayMs(svid, this.#options.random);
    this.#nap();
  }

  /** Renews at once, whatever the plan was. Does nothing before `start`, or while a renewal runs. */
  renewNow(): void {
    if (!this.#current || this.#renewing) return;
    this.#timer?.cancel();
    void this.#renew(this.#current);
  }

  stop(): void {
    this.#current = undefined;
    this.#timer?.cancel();
  }

  #nap(): void {
    this.#timer?.cancel();
    const untilDueMs = this.#dueAtWallMs - this.#options.clock.wallNow();
    this.#timer = this.#options.clock.setTimeout(() => this.#wake(), Math.max(0, Math.min(untilDueMs, LONGEST_NAP_MS)));
  }

  #wake(): void {
    if (this.#options.clock.wallNow() < this.#dueAtWallMs) this.#nap();
    else this.renewNow();
  }

  async #renew(current: Svid): Promise<void> {
    this.#renewing = true;
    try {
      const renewed = await this.#options.renew(current);
      if (this.#current !== current) return;
      this.#options.onRenewed(renewed);
      this.start(renewed);
    } catch (error) {
      if (this.#current === current) this.#planRetry(error, current);
    } finally {
      this.#renewing = false;
    }
  }

  #planRetry(error: unknown, current: Svid): void {
    const { clock, random, logger, onFailed } = this.#options;
    this.#failures++;
    const retryMs = renewalRetryMs(current, this.#failures, random);
    this.#dueAtWallMs = clock.wallNow() + retryMs;
    logger.warn('certificate renewal failed', {
      id: current.id,
      tries: this.#failures,
      retryInMs: Math.round(retryMs),
      endsAt: new Date(current.notAfter).toISOString(),
      error: error instanceof Error ? error.message : String(error),
    });
    this.#nap();
    onFailed?.(error, current);
  }
}
