import { hash } from 'node:crypto';
import type { JwtClaims } from '../facts.ts';
import type { KeySet } from './key-set.ts';
import type { ParsedToken } from './parse-token.ts';

/** A token whose signature was good. */
export interface VerifiedToken {
  readonly parsed: ParsedToken;
  /** The payload with word lists as lists. */
  readonly claims: JwtClaims;
}

interface Entry {
  readonly token: VerifiedToken;
  readonly keys: KeySet;
  /** Monotonic ms. */
  readonly until: number;
}

/** How long a signature is taken for checked. */
const KEPT_MS = 300_000;
const MAX_TOKENS = 1_000;

/** Tokens that were verified lately, by hash; never those that failed. Least recently used go first. */
export class VerifiedTokens {
  readonly #entries = new Map<string, Entry>();

  /** @param keys those in force: what others vouched for is not believed any more. */
  get(hash: string, keys: KeySet | undefined, now: number): VerifiedToken | undefined {
    const entry = this.#entries.get(hash);
    if (!entry) return undefined;
    this.#entries.delete(hash);
    if (entry.keys !== keys || entry.until <= now) return undefined;
    this.#entries.set(hash, entry);
    return entry.token;
  }

  add(hash: string, token: VerifiedToken, keys: KeySet, now: number): void {
    this.#entries.delete(hash);
    this.#entries.set(hash, { token, keys, until: now + KEPT_MS });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_TOKENS && oldest !== undefined) this.#entries.delete(oldest);
  }
}

/** Tokens are secrets: only their hash is kept as a key. */
export function tokenHash(token: string): string {
  return hash('sha256', token, 'base64url');
}
