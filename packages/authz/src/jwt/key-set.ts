import { webcrypto } from 'node:crypto';
import { importJWK, type JWK } from 'jose';
import { JWT_STATUS, type JwtStatus } from './jwt-status.ts';
import type { ParsedToken } from './parse-token.ts';

type CryptoKey = webcrypto.CryptoKey;
type VerifyAlgorithm = Parameters<webcrypto.SubtleCrypto['verify']>[0];

const HASHES: Readonly<Record<string, string>> = { 256: 'SHA-256', 384: 'SHA-384', 512: 'SHA-512' };
const CURVES: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };
const MIN_RSA_BITS = 2048;
const ED25519_SIGNATURE_BYTES = 64;

/** The public keys of one issuer. */
export class KeySet {
  readonly keys: readonly JWK[];
  /** Keys are imported once for each algorithm that tokens ask of them. */
  readonly #imported = new Map<string, Promise<CryptoKey | undefined>>();

  constructor(keys: readonly JWK[]) {
    this.keys = keys;
  }

  /** @param text a JWKS, `{"keys": [...]}`. @returns undefined for anything else. */
  static parse(text: string): KeySet | undefined {
    try {
      const value: unknown = JSON.parse(text);
      const keys: unknown = typeof value === 'object' && value !== null && 'keys' in value ? value.keys : undefined;
      if (!Array.isArray(keys)) return undefined;
      return new KeySet(keys.filter((key): key is JWK => typeof key === 'object' && key !== null && typeof key.kty === 'string'));
    } catch {
      return undefined;
    }
  }

  /**
   * Whether one of the keys made the token's signature. Keys of another `kid` or another `alg` are left out where both say one; `use` and
   * `crit` are not looked at, as in Envoy. Which algorithms a key can do at all is the key's to say: an RSA key never checks an HMAC.
   *
   * @returns undefined for a good signature.
   */
  async fault(token: ParsedToken): Promise<JwtStatus | undefined> {
    if (this.keys.length === 0) return JWT_STATUS.noKeys;
    let candidates = 0;
    for (const [index, key] of this.keys.entries()) {
      if (token.kid && key.kid && key.kid !== token.kid) continue;
      if (key.alg && key.alg !== token.alg) continue;
      candidates++;
      if (!fits(key, token.alg)) continue;
      if (key.kty === 'OKP' && token.signature.length !== ED25519_SIGNATURE_BYTES) return JWT_STATUS.ed25519Length;
      const imported = await this.#import(index, key, token.alg);
      if (imported && (await verifies(imported, token))) return undefined;
    }
    return candidates > 0 ? JWT_STATUS.verification : JWT_STATUS.noMatchingKey;
  }

  #import(index: number, key: JWK, alg: string): Promise<CryptoKey | undefined> {
    const name = `${index} ${alg}`;
    const imported = this.#imported.get(name) ?? importKey(key, alg).catch(() => undefined);
    this.#imported.set(name, imported);
    return imported;
  }
}

function fits(key: JWK, alg: string): boolean {
  if (key.kty === 'RSA') return alg.startsWith('RS') || alg.startsWith('PS');
  if (key.kty === 'EC') return CURVES[alg] === key.crv;
  if (key.kty === 'OKP') return alg === 'EdDSA' && key.crv === 'Ed25519';
  return key.kty === 'oct' && alg.startsWith('HS');
}

/** @throws where the key is broken. */
async function importKey(key: JWK, alg: string): Promise<CryptoKey | undefined> {
  // Only what makes a key: `use`, `key_ops` and `ext` are not asked, and a private key that got into a set serves as its public half.
  const { kty, n, e, crv, x, y, k } = key;
  const bare = Object.fromEntries(Object.entries({ kty, n, e, crv, x, y, k }).filter(([, value]) => value !== undefined));
  const imported = await importJWK(bare as unknown as JWK, alg);
  if (imported instanceof Uint8Array) {
    const algorithm = { name: 'HMAC', hash: hashOf(alg) };
    return webcrypto.subtle.importKey('raw', imported as Uint8Array<ArrayBuffer>, algorithm, false, ['verify']);
  }
  if (!('algorithm' in imported)) return undefined;
  const { modulusLength = MIN_RSA_BITS } = imported.algorithm as { modulusLength?: number };
  return modulusLength < MIN_RSA_BITS ? undefined : (imported as CryptoKey);
}

async function verifies(key: CryptoKey, { alg, signature, signedData }: ParsedToken): Promise<boolean> {
  return webcrypto.subtle.verify(verifyAlgorithm(alg), key, signature, signedData).catch(() => false);
}

function verifyAlgorithm(alg: string): VerifyAlgorithm {
  const hash = hashOf(alg);
  if (alg.startsWith('RS')) return { name: 'RSASSA-PKCS1-v1_5' };
  if (alg.startsWith('PS')) return { name: 'RSA-PSS', saltLength: Number(alg.slice(2)) / 8 };
  if (alg.startsWith('ES')) return { name: 'ECDSA', hash };
  if (alg.startsWith('HS')) return { name: 'HMAC' };
  return { name: 'Ed25519' };
}

function hashOf(alg: string): string {
  return HASHES[alg.slice(2)] ?? 'SHA-256';
}
