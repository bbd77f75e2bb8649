import type { Clock } from '@lateen/core';
import type { JwtClaims } from '../facts.ts';
import type { RuleKeys } from './jwks-store.ts';
import { type JwtRule, plainAudience } from './jwt-rule.ts';
import { JWT_STATUS, type JwtStatus } from './jwt-status.ts';
import { member, type ParsedToken, parseToken } from './parse-token.ts';
import { tokenHash, VerifiedTokens, type VerifiedToken } from './verified-tokens.ts';

export interface VerifierSettings {
  readonly clock: Clock;
  /** The words where a jwksUri gives no keys: those of istiod fetching them, or those of the proxy. */
  readonly unavailable: JwtStatus;
  /** A longer token is none. */
  readonly maxTokenBytes: number;
}

/** How far two clocks may be apart, as in Envoy. */
const SKEW_SECONDS = 60;

/** Checks tokens against one rule: form, issuer, times, audience, signature, in Envoy's order. */
export class TokenVerifier {
  readonly #rule: JwtRule;
  readonly #keys: RuleKeys;
  readonly #settings: VerifierSettings;
  readonly #verified = new VerifiedTokens();

  constructor(rule: JwtRule, keys: RuleKeys, settings: VerifierSettings) {
    this.#rule = rule;
    this.#keys = keys;
    this.#settings = settings;
  }

  /** What can be said without checking a signature; undefined: that is what it takes. */
  known(text: string): VerifiedToken | JwtStatus | undefined {
    const verified = this.#verified.get(tokenHash(text), this.#keys.current, this.#settings.clock.now());
    if (verified) return this.#fault(verified.parsed) ?? verified;
    const parsed = this.#parse(text);
    return typeof parsed === 'string' ? parsed : this.#fault(parsed);
  }

  async verify(text: string): Promise<VerifiedToken | JwtStatus> {
    const parsed = this.#parse(text);
    if (typeof parsed === 'string') return parsed;
    const fault = this.#fault(parsed);
    if (fault) return fault;
    let keys = await this.#keys.keys();
    if (!keys) return this.#settings.unavailable;
    let signatureFault = await keys.fault(parsed);
    if (signatureFault === JWT_STATUS.noMatchingKey) {
      keys = (await this.#keys.newerKeys()) ?? keys;
      signatureFault = await keys.fault(parsed);
    }
    if (signatureFault) return signatureFault;
    const token = { parsed, claims: claimsOf(parsed.payload, this.#rule.spaceDelimitedClaims) };
    this.#verified.add(tokenHash(text), token, keys, this.#settings.clock.now());
    return token;
  }

  #parse(text: string): ParsedToken | JwtStatus {
    return text.length > this.#settings.maxTokenBytes ? JWT_STATUS.badFormat : parseToken(text);
  }

  #fault({ issuer, notBefore, expires, audiences }: ParsedToken): JwtStatus | undefined {
    if (this.#rule.issuer !== '' && this.#rule.issuer !== issuer) return JWT_STATUS.unknownIssuer;
    const now = Math.floor(this.#settings.clock.wallNow() / 1_000);
    if (notBefore !== undefined && now + SKEW_SECONDS < Math.trunc(notBefore)) return JWT_STATUS.notYetValid;
    if (expires !== undefined && now > Math.trunc(expires) + SKEW_SECONDS) return JWT_STATUS.expired;
    const expected = this.#rule.audiences;
    if (expected.length === 0) return undefined;
    return audiences.some((audience) => expected.includes(plainAudience(audience))) ? undefined : JWT_STATUS.audience;
  }
}

function claimsOf(payload: JwtClaims, wordLists: readonly string[]): JwtClaims {
  const lists = wordLists.flatMap((name) => {
    const words = member(payload, name);
    return typeof words === 'string' ? [[name, words.split(' ').filter((word) => word !== '')] as const] : [];
  });
  return Object.freeze(Object.fromEntries([...Object.entries(payload), ...lists]));
}
