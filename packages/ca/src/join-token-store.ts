import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '@lateen/core';
import { parseJoinString } from '@lateen/identity';
import { CaError } from './ca-error.ts';
import type { IssuedCertificate } from './requests.ts';
import { loadStateFile, StateFile } from './state-file.ts';
import type { CertifiedIdentity } from './workload-identity.ts';

/** The one use of a token: which key, and what it was answered, so that a lost answer can be given again. */
export interface TokenUse {
  readonly publicKeySha256: string;
  readonly reply: IssuedCertificate;
}

export interface StoredToken {
  /** SHA-256 of the secret, hex. The secret itself is nowhere. */
  readonly hash: string;
  readonly identity: CertifiedIdentity;
  /** Epoch ms. */
  readonly notAfter: number;
  readonly reusable: boolean;
  use?: TokenUse | undefined;
}

const SECRET_BYTES = 32;
const SECRET = /^[A-Za-z0-9_-]{43}$/;
const MAX_TOKENS = 10_000;

/** Join tokens by the hash of their secret, on disk. */
export class JoinTokenStore {
  readonly #clock: Clock;
  readonly #file: StateFile;
  readonly #tokens: Map<string, StoredToken>;

  private constructor(path: string, clock: Clock, tokens: readonly StoredToken[]) {
    this.#clock = clock;
    this.#tokens = new Map(tokens.map((token) => [token.hash, token]));
    this.#file = new StateFile(path, () => ({ tokens: [...this.#tokens.values()] }));
  }

  static async open(stateDir: string, clock: Clock): Promise<JoinTokenStore> {
    const path = join(stateDir, 'join-tokens.json');
    return new JoinTokenStore(path, clock, (await loadStateFile(path, readTokens)) ?? []);
  }

  /** @returns the secret, when the token is on disk. */
  async create(identity: CertifiedIdentity, ttlMs: number, reusable: boolean): Promise<{ secret: string; token: StoredToken }> {
    this.#forgetExpired();
    if (this.#tokens.size >= MAX_TOKENS) throw new CaError('rate_limited', `${MAX_TOKENS} join tokens are open`);
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const token = { hash: hashOf(secret), identity, notAfter: this.#clock.wallNow() + ttlMs, reusable };
    this.#tokens.set(token.hash, token);
    try {
      await this.#file.save();
    } catch (error) {
      this.#tokens.delete(token.hash);
      throw error;
    }
    return { secret, token };
  }

  /** The token of a credential as it came over the wire. @throws {CaError} `unauthenticated` */
  find(credential: unknown): StoredToken {
    if (typeof credential !== 'string' || credential.length > 256)
      throw new CaError('unauthenticated', 'a join token that is no text');
    const secret = parseJoinString(credential)?.secret ?? credential;
    const token = SECRET.test(secret) ? this.#tokens.get(hashOf(secret)) : undefined;
    if (!token) throw new CaError('unauthenticated', 'an unknown join token');
    if (this.#clock.wallNow() >= token.notAfter)
      throw new CaError('unauthenticated', `an expired join token of ${token.identity.id}`);
    return token;
  }

  /** Resolves when the token's use is on disk; undone when it can't be. */
  async recordUse(token: StoredToken, use: TokenUse): Promise<void> {
    token.use = use;
    try {
      await this.#file.save();
    } catch (error) {
      token.use = undefined;
      throw error;
    }
  }

  #forgetExpired(): void {
    const now = this.#clock.wallNow();
    for (const token of this.#tokens.values()) if (now >= token.notAfter) this.#tokens.delete(token.hash);
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function readTokens(document: unknown): readonly StoredToken[] {
  const tokens = (document as { tokens?: unknown } | null)?.tokens;
  if (!Array.isArray(tokens)) throw new Error('tokens are missing');
  for (const token of tokens as Partial<StoredToken>[]) {
    const whole = typeof token?.hash === 'string' && typeof token.notAfter === 'number' && typeof token.identity?.id === 'string';
    if (!whole) throw new Error('a token is incomplete');
  }
  return tokens as StoredToken[];
}
