import type { X509Certificate } from 'node:crypto';
import type { Principal } from '@lateen/core';
import type { TrustBundles } from '../trust-bundle.ts';
import { type ParsedCertificate, parseCertificate } from '../x509/parse-certificate.ts';
import { findAuthority } from './find-authority.ts';
import { svidProfile } from './svid-profile.ts';

/** Why a peer is turned away. Stable words for metrics, logs and tests. */
export type PeerRefusal =
  | 'no_certificate'
  | 'resumed_session'
  | 'wrong_protocol'
  | 'malformed_certificate'
  | 'bad_spiffe_id'
  | 'is_authority'
  | 'bad_key_usage'
  | 'bad_extended_key_usage'
  | 'unknown_critical_extension'
  | 'not_yet_valid'
  | 'expired'
  | 'unknown_trust_domain'
  | 'unknown_authority'
  | 'unexpected_id';

/** What the peer sent: its own certificate and whatever it put beside it, each followed by its issuer. */
export interface PresentedChain {
  readonly leaf: X509Certificate;
  readonly intermediates: readonly X509Certificate[];
}

export interface PeerCheckOptions {
  readonly bundles: TrustBundles;
  /** `clock.wallNow()` */
  readonly nowWallMs: number;
  /** `inbound`: the peer called us; `outbound`: we called it. Only words the message. */
  readonly direction: 'inbound' | 'outbound';
  /** SPIFFE IDs that will do (secure naming). Absent: any ID whose authority we know. An empty set: none. */
  readonly expectedIds?: ReadonlySet<string>;
}

/** Who the peer proved to be, beyond the {@link Principal}. */
export interface PeerIdentity {
  readonly principal: Principal;
  /** Services the certificate lets it register, `reviews.default`. */
  readonly services: readonly string[];
  /** Hex, as in {@link Svid.serial}. */
  readonly serial: string;
  /** SHA-256 of the peer's SubjectPublicKeyInfo, hex. */
  readonly publicKeySha256: string;
}

export interface PeerRefused {
  readonly ok: false;
  readonly reason: PeerRefusal;
  /** One sentence. */
  readonly message: string;
}

export type PeerCheck = ({ readonly ok: true } & PeerIdentity) | PeerRefused;

/**
 * Who a peer is, from its certificate alone: an X.509-SVID, valid now, signed under the bundle of its *own* trust domain (an
 * authority of another one can't vouch for it), and one of those we meant to reach. Pure; about 0.3 ms.
 */
export function checkPeer(chain: PresentedChain, options: PeerCheckOptions): PeerCheck {
  const peer = options.direction === 'inbound' ? 'the client' : 'the server';
  const refuse = (reason: PeerRefusal, message: string): PeerRefused => ({
    ok: false,
    reason,
    message: `${peer}'s certificate ${message}`,
  });

  const certificate = tryParse(chain.leaf.raw);
  if (typeof certificate === 'string') return refuse('malformed_certificate', `can't be read: ${certificate}`);
  const profile = svidProfile(certificate);
  if (!profile.ok) return refuse(profile.reason, profile.message);

  const { spiffeId } = profile;
  const { nowWallMs } = options;
  if (nowWallMs < certificate.notBefore) {
    return refuse('not_yet_valid', `(${spiffeId.id}) is not valid before ${utc(certificate.notBefore)}; check both clocks`);
  }
  if (nowWallMs >= certificate.notAfter) return refuse('expired', `(${spiffeId.id}) ended at ${utc(certificate.notAfter)}`);

  const bundle = options.bundles.get(spiffeId.trustDomain);
  if (!bundle) return refuse('unknown_trust_domain', `(${spiffeId.id}) is of a trust domain we have no bundle of`);
  const authority = findAuthority(chain.leaf, bundle, chain.intermediates, nowWallMs);
  if (!authority) return refuse('unknown_authority', `(${spiffeId.id}) is not signed by an authority of ${spiffeId.trustDomain}`);
  if (options.expectedIds && !options.expectedIds.has(spiffeId.id)) {
    return refuse('unexpected_id', `is ${spiffeId.id}'s, not ${namesOf(options.expectedIds)}`);
  }
  return {
    ok: true,
    principal: {
      ...spiffeId,
      labels: certificate.claims.labels,
      authority: authority.fingerprint256.replaceAll(':', '').toLowerCase(),
      notAfter: certificate.notAfter,
    },
    services: certificate.claims.services,
    serial: certificate.serial,
    publicKeySha256: certificate.publicKeySha256,
  };
}

function tryParse(der: Uint8Array): ParsedCertificate | string {
  try {
    return parseCertificate(der);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function namesOf(ids: ReadonlySet<string>): string {
  return ids.size === 0 ? 'of any that may serve here' : [...ids].join(' or ');
}

function utc(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
