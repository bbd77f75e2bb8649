import type { Clock, Logger, Random } from '@lateen/core';
import type { Svid } from '../svid.ts';

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

/** Keeps a certificate fresh: waits, renews, and on failure tries again sooner. */
export class RenewalLoop {
  constructor(_options: RenewalLoopOptions) {}
  /** Begins with (or switches to) this certificate. */
  start(_svid: Svid): void {}
  /** Renews at once, whatever the plan was. */
  renewNow(): void {}
  stop(): void {}
}
