import type { Clock, Timer } from '@lateen/core';
import { KeySet } from './key-set.ts';

/**
 * Gets a document. Redirects are not followed; a body beyond `maxBytes` is an error.
 * @throws where there is no answer in time.
 */
export type FetchKeys = (
  url: string,
  options: { readonly timeoutMs: number; readonly maxBytes: number },
) => Promise<{ readonly status: number; readonly body: string }>;

export interface JwksSettings {
  readonly fetch: FetchKeys;
  readonly clock: Clock;
  /** How often keys are asked for again. Default 20 min, as istiod. */
  readonly refreshIntervalMs?: number;
  /** How long keys are believed when their server is gone, so that a withdrawn key dies. Default 24 h. */
  readonly maxAgeMs?: number;
  /** The least time between two requests for keys because a token names an unknown one. Default 30 s. */
  readonly cooldownMs?: number;
}

const DEFAULT_REFRESH_MS = 20 * 60_000;
const DEFAULT_MAX_AGE_MS = 24 * 3_600_000;
const DEFAULT_COOLDOWN_MS = 30_000;
const FIRST_RETRY_MS = 1_000;
const MAX_BYTES = 256 * 1024;

/** The keys at one URL: fetched at once, again at intervals, kept when the server is gone, and dropped when they are too old. */
export class JwksSource {
  readonly #url: () => Promise<string>;
  readonly #timeoutMs: number;
  readonly #settings: Required<JwksSettings>;
  #keys: KeySet | undefined;
  #text = '';
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #retryMs = FIRST_RETRY_MS;
  #pending: Promise<void> | undefined;
  #timer: Timer | undefined;
  #stopped = false;

  /** @param at where the keys are; asked before each fetch, since a discovery document may move them. */
  constructor(at: (get: (url: string) => Promise<string>) => Promise<string>, timeoutMs: number, settings: JwksSettings) {
    this.#settings = {
      refreshIntervalMs: DEFAULT_REFRESH_MS,
      maxAgeMs: DEFAULT_MAX_AGE_MS,
      cooldownMs: DEFAULT_COOLDOWN_MS,
      ...settings,
    };
    this.#timeoutMs = timeoutMs;
    this.#url = () => at((url) => this.#get(url));
    void this.#refresh();
  }

  /** The keys as last seen, unless that is too long ago. */
  get current(): KeySet | undefined {
    return this.#settings.clock.now() - this.#fetchedAt <= this.#settings.maxAgeMs ? this.#keys : undefined;
  }

  /** The keys; waits for them where there are none yet. Undefined when their server doesn't give them. */
  async keys(): Promise<KeySet | undefined> {
    if (!this.current) await this.#refreshUnlessJustTried(this.#retryMs);
    return this.current;
  }

  /** For a token whose key is not among them: asks again, though not more often than the cooldown allows. */
  async newerKeys(): Promise<KeySet | undefined> {
    await this.#refreshUnlessJustTried(this.#settings.cooldownMs);
    return this.current;
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #refreshUnlessJustTried(cooldownMs: number): Promise<void> {
    if (!this.#pending && this.#settings.clock.now() - this.#triedAt < cooldownMs) return;
    await this.#refresh();
  }

  #refresh(): Promise<void> {
    this.#pending ??= this.#fetch().finally(() => {
      this.#pending = undefined;
      this.#timer?.cancel();
      if (!this.#stopped) this.#timer = this.#settings.clock.setTimeout(() => void this.#refresh(), this.#nextMs());
    });
    return this.#pending;
  }

  #nextMs(): number {
    const failed = this.#triedAt > this.#fetchedAt;
    return failed ? Math.min(this.#retryMs, this.#settings.refreshIntervalMs) : this.#settings.refreshIntervalMs;
  }

  async #fetch(): Promise<void> {
    const { clock, cooldownMs } = this.#settings;
    try {
      const text = await this.#get(await this.#url());
      // The same text keeps its key set: what was verified with it stays verified.
      const keys = text === this.#text ? this.#keys : KeySet.parse(text);
      if (!keys || keys.keys.length === 0) throw new Error('no key set');
      this.#keys = keys;
      this.#text = text;
      this.#triedAt = clock.now();
      this.#fetchedAt = this.#triedAt;
      this.#retryMs = FIRST_RETRY_MS;
    } catch {
      this.#retryMs = this.#triedAt > this.#fetchedAt ? Math.min(this.#retryMs * 2, cooldownMs) : FIRST_RETRY_MS;
      this.#triedAt = clock.now();
    }
  }

  async #get(url: string): Promise<string> {
    const { status, body } = await this.#settings.fetch(url, { timeoutMs: this.#timeoutMs, maxBytes: MAX_BYTES });
    if (status !== 200) throw new Error(`${url} answered ${status}`);
    return body;
  }
}
