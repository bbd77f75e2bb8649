import { type Clock, type Random, sleep } from '@lateen/core';
import type { ConsulReply } from './consul-client.ts';

export interface BlockingQueryOptions<T> {
  readonly clock: Clock;
  readonly random: Random;
  query(index: number, waitMs: number): Promise<ConsulReply<T>>;
  /** Every answer with news. One that throws is asked for again. */
  onAnswer(reply: ConsulReply<T>): void;
  /** It failed; called for each failure. */
  onFailure(error: Error): void;
  /** An answer came after failures, or Consul's state began anew. Called before `onAnswer`. */
  onRecovered(): void;
}

const WAIT_MS = 30_000;
/** Answers follow each other no faster than this: a service that flaps must not keep every process busy. */
const MIN_INTERVAL_MS = 100;
const FIRST_RETRY_MS = 200;
const MAX_RETRY_MS = 2_000;

/**
 * Asks Consul, and again each time there may be news, until closed: no error ends it. (The consul package's own watch ends on a 400,
 * loses an answer whose handler throws, and polls without a pause.)
 */
export class BlockingQuery<T> {
  readonly #options: BlockingQueryOptions<T>;
  readonly #stop = new AbortController();
  #index = 0;
  #failures = 0;

  constructor(options: BlockingQueryOptions<T>) {
    this.#options = options;
    void this.#run();
  }

  close(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stop.signal.aborted) {
      const pauseMs = await this.#ask();
      if (pauseMs > 0) await sleep(clock, pauseMs, this.#stop.signal).catch(() => {});
    }
  }

  /** Returns how long to wait before the next question. */
  async #ask(): Promise<number> {
    const { clock, random, query, onFailure } = this.#options;
    const startedAt = clock.now();
    try {
      const reply = await query(this.#index, WAIT_MS);
      if (!this.#stop.signal.aborted) this.#take(reply);
      return MIN_INTERVAL_MS - (clock.now() - startedAt);
    } catch (error) {
      if (this.#stop.signal.aborted) return 0;
      const ceiling = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, MAX_RETRY_MS);
      this.#failures++;
      this.#index = 0; // what comes back may be another Consul
      onFailure(error as Error);
      return ceiling * (0.5 + random.next() / 2);
    }
  }

  /** Consul's rules for indexes: one that goes back starts anew, and what is below 1 counts as 1. */
  #take(reply: ConsulReply<T>): void {
    const index = Math.max(1, reply.index);
    const wentBack = index < this.#index;
    if (this.#failures > 0 || wentBack) this.#options.onRecovered();
    this.#failures = 0;
    if (index === this.#index) return;
    this.#options.onAnswer(reply);
    this.#index = wentBack ? 0 : index;
  }
}
