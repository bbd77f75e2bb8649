/** A timer that can be taken back. `cancel()` after it fired does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time in Lateen. Everything that waits or measures takes a `Clock`, so that tests
 * run on fake time (`@lateen/core/testing`).
 */
export interface Clock {
  /** Monotonic milliseconds, with fractions; the zero point means nothing. For durations and deadlines. */
  now(): number;
  /** Milliseconds since the Unix epoch. For certificates, logs and anything another process reads. */
  wallNow(): number;
  /** Calls `callback` once, after at least `delayMs`. The timer never keeps the process alive. */
  setTimeout(callback: () => void, delayMs: number): Timer;
}

/** Node's longest timer; a longer wait is rounded down to it, and the waiter looks again. */
export const MAX_TIMER_MS = 0x7fffffff;

/** The machine's time. */
export const systemClock: Clock = {
  // Bound once: `performance` is a getter of the global object, and the request path asks twice a call.
  now: performance.now.bind(performance),
  wallNow: () => Date.now(),
  setTimeout(callback, delayMs) {
    const timeout = setTimeout(callback, Math.min(Math.max(delayMs, 0), MAX_TIMER_MS));
    timeout.unref();
    return { cancel: () => clearTimeout(timeout) };
  },
};

/**
 * Waits `delayMs`, or less when `signal` aborts (then it rejects with the signal's reason).
 * For the slow side only: the request path uses the {@link TimerWheel}.
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
