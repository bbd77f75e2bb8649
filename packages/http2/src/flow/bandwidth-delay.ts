import type { Clock } from '@lateen/core';

/** After a measurement that changed nothing the path is left alone for so long. */
const REST_MS = 1000;

/**
 * Finds out how large a window the path needs: what arrives within one round trip, measured by a PING. When the window was two thirds used in
 * that time it is doubled.
 * Source: gRPC's BDP estimation ("gRPC flow control auto-tuning", 2017).
 */
export class BandwidthDelay {
  readonly #clock: Clock;
  readonly #max: number;
  #estimate: number;
  #measuring = false;
  #bytes = 0;
  #restsUntil = 0;

  constructor(clock: Clock, initial: number, max: number) {
    this.#clock = clock;
    this.#estimate = initial;
    this.#max = max;
  }

  /** The window to give a stream. */
  get window(): number {
    return this.#estimate;
  }

  /** `bytes` of DATA arrived. True: send a PING, and call {@link answered} with its answer. */
  arrived(bytes: number): boolean {
    this.#bytes += bytes;
    if (this.#measuring || this.#estimate >= this.#max || this.#bytes < this.#estimate >> 1) return false;
    this.#bytes = 0;
    if (this.#clock.now() < this.#restsUntil) return false;
    this.#measuring = true;
    return true;
  }

  /** The PING came back. Returns whether the window is larger now. */
  answered(): boolean {
    this.#measuring = false;
    if (this.#bytes * 3 < this.#estimate * 2) {
      this.#restsUntil = this.#clock.now() + REST_MS;
      return false;
    }
    this.#estimate = Math.min(this.#max, Math.max(this.#estimate, this.#bytes) * 2);
    this.#bytes = 0;
    return true;
  }
}
