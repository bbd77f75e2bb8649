import type { X509Certificate } from 'node:crypto';
import type { TrustBundle, TrustBundles } from '../trust-bundle.ts';

/**
 * A bundle whose every member was checked: a CA certificate, permitted to sign for this trust domain, self-signed or issued by
 * another member.
 *
 * @throws {LateenError} `LATEEN_CONFIG_INVALID` naming the certificate.
 */
export function createBundle(_trustDomain: string, _sequence: number, _authorities: readonly X509Certificate[]): TrustBundle {
  throw new Error('under construction');
}

/** The authorities of a PEM file. */
export function loadBundlePem(_trustDomain: string, _pem: string, _sequence: number): TrustBundle {
  throw new Error('under construction');
}

/** The bundles with `next` in place of its predecessor. The same one again changes nothing. @throws {LateenError} `LATEEN_CONFIG_INVALID` on a rollback. */
export function withBundle(_bundles: TrustBundles, _next: TrustBundle): TrustBundles {
  throw new Error('under construction');
}

/** SHA-256 of an authority's SubjectPublicKeyInfo, hex: what a join string pins. */
export function authorityPin(_authority: X509Certificate): string {
  throw new Error('under construction');
}
