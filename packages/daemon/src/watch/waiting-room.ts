import type { Clock } from '@lateen/core';

interface Waiter {
  readonly isDone: () => boolean;
  readonly finish: () => void;
}

/** Those who wait until processes have acknowledged something, or have gone. */
export class WaitingRoom {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when `isDone`, asked again after each {@link recheck}, says so; after `timeoutMs` at the latest. */
  wait(isDone: () => boolean, timeoutMs: number): Promise<void> {
    if (timeoutMs <= 0 || isDone()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        timer.cancel();
        this.#waiters.delete(waiter);
        resolve();
      };
      const waiter = { isDone, finish };
      const timer = this.#clock.setTimeout(finish, timeoutMs);
      this.#waiters.add(waiter);
    });
  }

  /** A process acknowledged, came or went. */
  recheck(): void {
    for (const waiter of [...this.#waiters]) if (waiter.isDone()) waiter.finish();
  }
}
