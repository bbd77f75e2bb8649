import { X509Certificate } from 'node:crypto';
import { LateenError } from '@lateen/core';
import { decodePem } from '../der/pem.ts';
import { authorityProfile, isSelfIssued } from '../peer/find-authority.ts';
import { isTrustDomain } from '../spiffe-id.ts';
import type { TrustBundle, TrustBundles } from '../trust-bundle.ts';
import { publicKeyDer, publicKeySha256 } from '../x509/key-identifiers.ts';
import { permitsTrustDomain } from '../x509/name-constraints.ts';

/**
 * A bundle whose every member was checked: a CA certificate, permitted to sign for this trust domain, self-signed or issued by
 * another member. An empty one trusts nobody.
 *
 * @throws {LateenError} `LATEEN_CONFIG_INVALID` naming the certificate.
 */
export function createBundle(trustDomain: string, sequence: number, authorities: readonly X509Certificate[]): TrustBundle {
  if (!isTrustDomain(trustDomain)) throw bundleError(trustDomain, 'that is no trust domain');
  if (!Number.isSafeInteger(sequence) || sequence < 0) throw bundleError(trustDomain, 'its sequence is no whole number');
  for (const authority of authorities) assertAuthority(authority, trustDomain, authorities);
  return Object.freeze({ trustDomain, sequence, authorities: Object.freeze([...authorities]) });
}

function assertAuthority(authority: X509Certificate, trustDomain: string, members: readonly X509Certificate[]): void {
  const name = `the certificate ${authority.serialNumber.toLowerCase()}`;
  const profile = authorityProfile(authority);
  if (!profile) throw bundleError(trustDomain, `${name} is not an authority's`);
  if (!permitsTrustDomain(profile.permittedUriHosts, trustDomain)) {
    throw bundleError(trustDomain, `${name} may only sign for ${profile.permittedUriHosts?.join(', ')}`);
  }
  const issuers = isSelfIssued(authority) ? [authority] : members.filter((member) => authority.checkIssued(member));
  if (!issuers.some((issuer) => authority.verify(issuer.publicKey))) {
    throw bundleError(trustDomain, `${name} is neither self-signed nor signed by another of the bundle; add its root`);
  }
}

/** The authorities of a PEM text. @throws {LateenError} `LATEEN_CONFIG_INVALID`. */
export function loadBundlePem(trustDomain: string, pem: string, sequence: number): TrustBundle {
  let ders: readonly Buffer[];
  try {
    ders = decodePem(pem, 'CERTIFICATE');
  } catch (error) {
    throw bundleError(trustDomain, `it holds ${error instanceof Error ? error.message : error}`, error);
  }
  return createBundle(
    trustDomain,
    sequence,
    ders.map((der) => readAuthority(trustDomain, der)),
  );
}

export function readAuthority(trustDomain: string, der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (error) {
    throw bundleError(trustDomain, "one of its certificates can't be read", error);
  }
}

/**
 * The bundles with `next` in place of its predecessor. The same one again changes nothing.
 *
 * @throws {LateenError} `LATEEN_CONFIG_INVALID` when the sequence goes back, or stays while the content changes: someone replays.
 */
export function withBundle(bundles: TrustBundles, next: TrustBundle): TrustBundles {
  const present = bundles.get(next.trustDomain);
  if (present && sameAuthorities(present, next) && present.sequence === next.sequence) return bundles;
  if (present && next.sequence <= present.sequence) {
    throw bundleError(next.trustDomain, `sequence ${next.sequence} comes after ${present.sequence}; the present one stays`);
  }
  return new Map([...bundles, [next.trustDomain, next]]);
}

export function sameAuthorities(a: TrustBundle, b: TrustBundle): boolean {
  return (
    a.authorities.length === b.authorities.length &&
    a.authorities.every((authority, index) => authority.raw.equals((b.authorities[index] as X509Certificate).raw))
  );
}

/** SHA-256 of an authority's SubjectPublicKeyInfo, hex: what a join string pins. */
export function authorityPin(authority: X509Certificate): string {
  return publicKeySha256(publicKeyDer(authority.publicKey));
}

export function bundleError(trustDomain: string, why: string, cause?: unknown): LateenError {
  return new LateenError('LATEEN_CONFIG_INVALID', `the trust bundle of ${JSON.stringify(trustDomain)} is refused: ${why}`, {
    cause,
  });
}
