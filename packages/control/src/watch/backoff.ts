import type { Random } from '@lateen/core';

export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly random: Random;
}

/** Waits that double from `firstMs` to `maxMs`, each ± 50 %, so that a fleet that lost its daemon does not return in step. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** How long to wait after one more failure, ms. */
  next(): number {
    const { firstMs, maxMs, random } = this.#options;
    const plannedMs = Math.min(maxMs, firstMs * 2 ** Math.min(this.#failures++, 30));
    return plannedMs * (0.5 + random.next());
  }

  /** It worked: the next failure starts at `firstMs` again. */
  reset(): void {
    this.#failures = 0;
  }
}
