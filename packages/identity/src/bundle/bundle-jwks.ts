import type { X509Certificate } from 'node:crypto';
import { isSelfIssued } from '../peer/find-authority.ts';
import type { TrustBundle } from '../trust-bundle.ts';
import { bundleError, createBundle, readAuthority } from './trust-bundles.ts';

/** A SPIFFE bundle as JSON. */
export interface BundleDocument {
  readonly keys: readonly object[];
  readonly spiffe_sequence: number;
  /** Seconds. */
  readonly spiffe_refresh_hint: number;
  /** Ours: base64 DER of authorities that the roots signed; others may ignore it. */
  readonly lateen_intermediates: readonly string[];
}

const REFRESH_HINT_SECONDS = 300;
const MAX_AUTHORITIES = 64;

/** Roots as a JWK set (`use: x509-svid`, one `x5c` each); intermediates beside them. Source: SPIFFE Trust Domain and Bundle §4. */
export function formatBundle(bundle: TrustBundle): BundleDocument {
  const roots = bundle.authorities.filter(isSelfIssued);
  return {
    keys: roots.map((root) => ({
      ...root.publicKey.export({ format: 'jwk' }),
      use: 'x509-svid',
      x5c: [root.raw.toString('base64')],
    })),
    spiffe_sequence: bundle.sequence,
    spiffe_refresh_hint: REFRESH_HINT_SECONDS,
    lateen_intermediates: bundle.authorities
      .filter((authority) => !isSelfIssued(authority))
      .map((each) => each.raw.toString('base64')),
  };
}

/**
 * Reads what {@link formatBundle}, or another SPIFFE implementation, wrote. Keys for another use are let be; one without exactly
 * one `x5c` is refused. No keys: the trust domain is revoked.
 *
 * @throws {LateenError} `LATEEN_CONFIG_INVALID`
 */
export function parseBundle(trustDomain: string, document: unknown): TrustBundle {
  if (!isRecord(document) || !Array.isArray(document['keys'])) throw bundleError(trustDomain, 'it is no JWK set');
  const intermediates = document['lateen_intermediates'] ?? [];
  const sequence = document['spiffe_sequence'] ?? 0;
  if (!Array.isArray(intermediates)) throw bundleError(trustDomain, 'lateen_intermediates is no list');
  if (typeof sequence !== 'number') throw bundleError(trustDomain, 'spiffe_sequence is no number');
  if (document['keys'].length + intermediates.length > MAX_AUTHORITIES) {
    throw bundleError(trustDomain, `it holds more than ${MAX_AUTHORITIES} authorities`);
  }
  const certificates = [...document['keys'].filter(isForX509).map((key) => certificateOf(trustDomain, key)), ...intermediates];
  return createBundle(
    trustDomain,
    sequence,
    certificates.map((each) => fromBase64(trustDomain, each)),
  );
}

function isForX509(key: unknown): boolean {
  return !isRecord(key) || key['use'] === 'x509-svid';
}

function certificateOf(trustDomain: string, key: unknown): unknown {
  const x5c = isRecord(key) ? key['x5c'] : undefined;
  if (!Array.isArray(x5c) || x5c.length !== 1) throw bundleError(trustDomain, 'a key has not exactly one x5c');
  return x5c[0];
}

function fromBase64(trustDomain: string, text: unknown): X509Certificate {
  if (typeof text !== 'string') throw bundleError(trustDomain, 'a certificate is no text');
  const der = Buffer.from(text, 'base64');
  if (der.toString('base64') !== text) throw bundleError(trustDomain, 'a certificate is no base64');
  return readAuthority(trustDomain, der);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
