import type { KeyObject } from 'node:crypto';
import type { Clock } from '@lateen/core';
import { buildCertificate, encodePem, parseCertificate, randomSerial, workloadExtensions } from '@lateen/identity/x509';
import type { AuthorityKeys } from './authority-keys.ts';
import { CaError } from './ca-error.ts';
import type { IssuedCertificate } from './requests.ts';
import type { CertifiedIdentity } from './workload-identity.ts';

export interface LifetimePolicy {
  readonly defaultTtlMs: number;
  readonly minTtlMs: number;
  readonly maxTtlMs: number;
}

const MAX_BACKDATE_MS = 30_000;

/** Signs workload certificates: the lifetime within bounds, never beyond the signer's own. */
export class LeafSigner {
  readonly #keys: AuthorityKeys;
  readonly #policy: LifetimePolicy;
  readonly #clock: Clock;
  readonly #notBefore: number;
  readonly #notAfter: number;

  constructor(keys: AuthorityKeys, policy: LifetimePolicy, clock: Clock) {
    const signer = parseCertificate(keys.intermediate.raw);
    this.#keys = keys;
    this.#policy = policy;
    this.#clock = clock;
    this.#notBefore = signer.notBefore;
    this.#notAfter = signer.notAfter;
  }

  /** Why it can't sign for as long as may be asked, one sentence; undefined when all is well. */
  problem(): string | undefined {
    const now = this.#clock.wallNow();
    if (now < this.#notBefore)
      return `the clock is before the signing authority's beginning (${utc(this.#notBefore)}); set it right`;
    if (now + this.#policy.maxTtlMs > this.#notAfter)
      return `the signing authority ends at ${utc(this.#notAfter)}; make a new one`;
    return undefined;
  }

  /**
   * How long the certificate will live. Absent: the default; out of bounds: the nearest bound.
   *
   * @throws {CaError} `bad_request` on anything but a positive number.
   */
  ttlMs(requested: unknown): number {
    if (requested === undefined) return this.#policy.defaultTtlMs;
    if (typeof requested !== 'number' || !(requested > 0))
      throw new CaError('bad_request', 'a lifetime that is no positive number');
    return Math.min(Math.max(requested, this.#policy.minTtlMs), this.#policy.maxTtlMs);
  }

  /** About 0.3 ms. @throws {CaError} `unavailable` when too little of the signer's own life is left. */
  sign(identity: CertifiedIdentity, publicKey: KeyObject, ttlMs: number): IssuedCertificate {
    const now = this.#clock.wallNow();
    const notAfter = wholeSeconds(Math.min(now + ttlMs, this.#notAfter));
    if (now < this.#notBefore || notAfter - now < Math.min(ttlMs, this.#policy.minTtlMs) - 1000) {
      throw new CaError('unavailable', this.problem() ?? 'the signing authority is about to end');
    }
    const serial = randomSerial();
    const der = buildCertificate(
      {
        serial,
        issuer: this.#keys.intermediateName,
        issuerPublicKey: this.#keys.intermediate.publicKey,
        subject: {},
        publicKey,
        notBefore: Math.max(now - Math.min(MAX_BACKDATE_MS, ttlMs), this.#notBefore),
        notAfter,
        extensions: workloadExtensions(identity.id, identity.claims),
      },
      this.#keys.sign,
    );
    return {
      id: identity.id,
      certificatePem: encodePem(der, 'CERTIFICATE'),
      chainPem: [this.#keys.intermediatePem],
      notAfter,
      serial,
    };
  }
}

function wholeSeconds(epochMs: number): number {
  return Math.floor(epochMs / 1000) * 1000;
}

function utc(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
