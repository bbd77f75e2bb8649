import type { Clock, Random, Timer } from '@lateen/core';
import type { DnsAddress, DnsLookup } from './dns-lookup.ts';

/** What is known of a name. A name that stops resolving keeps its last addresses. */
export interface DnsAnswer {
  readonly addresses: readonly string[];
  /** False until the first answer; "there is no such name" is one. */
  readonly ready: boolean;
  /** Epoch ms since when it does not resolve any more; 0 when all is well. */
  readonly staleSince: number;
}

export interface DnsNamesOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly lookup: DnsLookup;
  /** The name's answer changed. `error` when it does not resolve. */
  onChange(name: string, error: Error | undefined): void;
}

const UNKNOWN: DnsAnswer = { addresses: [], ready: false, staleSince: 0 };
/** Bounds of the lifetime a zone may ask for. */
const MIN_TTL_MS = 1_000;
const MAX_TTL_MS = 300_000;
/** Added at random, so that not all processes ask at once. */
const JITTER_RATIO = 0.1;
const MAX_RETRY_MS = 30_000;

interface Name {
  answer: DnsAnswer;
  failures: number;
  timer: Timer | undefined;
}

/** Keeps a set of names resolved, each as long as its lifetime says. */
export class DnsNames {
  readonly #options: DnsNamesOptions;
  readonly #names = new Map<string, Name>();

  constructor(options: DnsNamesOptions) {
    this.#options = options;
  }

  /** Exactly these names from now on; what is known of those that stay, stays. */
  keep(names: ReadonlySet<string>): void {
    for (const [name, state] of this.#names) {
      if (names.has(name)) continue;
      state.timer?.cancel();
      this.#names.delete(name);
    }
    for (const name of names) if (!this.#names.has(name)) this.#start(name);
  }

  answer(name: string): DnsAnswer {
    return this.#names.get(name)?.answer ?? UNKNOWN;
  }

  /** Whether every name has been asked for once, whatever came of it. */
  get areAsked(): boolean {
    return [...this.#names.values()].every(({ answer }) => answer !== UNKNOWN);
  }

  /** The longest that any name has been failing, epoch ms; 0 when all is well. */
  get staleSince(): number {
    const stale = [...this.#names.values()].map(({ answer }) => answer.staleSince).filter((since) => since > 0);
    return stale.length > 0 ? Math.min(...stale) : 0;
  }

  close(): void {
    this.keep(new Set());
  }

  #start(name: string): void {
    const state: Name = { answer: UNKNOWN, failures: 0, timer: undefined };
    this.#names.set(name, state);
    void this.#resolve(name, state);
  }

  async #resolve(name: string, state: Name): Promise<void> {
    let delayMs: number;
    try {
      const found = await this.#options.lookup(name);
      if (this.#names.get(name) !== state) return;
      delayMs = this.#resolved(name, state, found);
    } catch (error) {
      if (this.#names.get(name) !== state) return;
      delayMs = this.#failed(name, state, error as NodeJS.ErrnoException);
    }
    const { clock, random } = this.#options;
    state.timer = clock.setTimeout(() => void this.#resolve(name, state), delayMs * (1 + random.next() * JITTER_RATIO));
  }

  #resolved(name: string, state: Name, found: readonly DnsAddress[]): number {
    state.failures = 0;
    // Sorted: servers rotate the order, which is no change.
    this.#set(name, state, { addresses: found.map(({ address }) => address).sort(), ready: true, staleSince: 0 }, undefined);
    const ttlMs = Math.min(...found.map(({ ttlSeconds }) => ttlSeconds * 1_000));
    return Math.min(Math.max(ttlMs, MIN_TTL_MS), MAX_TTL_MS);
  }

  #failed(name: string, state: Name, error: NodeJS.ErrnoException): number {
    state.failures++;
    const { addresses, ready, staleSince } = state.answer;
    const denied = error.code === 'ENOTFOUND' || error.code === 'ENODATA';
    const since = staleSince || this.#options.clock.wallNow();
    this.#set(name, state, { addresses, ready: ready || denied, staleSince: since }, error);
    return Math.min(MIN_TTL_MS * 2 ** (state.failures - 1), MAX_RETRY_MS);
  }

  #set(name: string, state: Name, answer: DnsAnswer, error: Error | undefined): void {
    if (JSON.stringify(answer) === JSON.stringify(state.answer)) return;
    state.answer = answer;
    this.#options.onChange(name, error);
  }
}
