import type { X509Certificate } from 'node:crypto';
import type { Principal } from '@lateen/core';
import type { TrustBundles } from '../trust-bundle.ts';

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

/** What the peer sent: its own certificate and whatever it put beside it, leaf's issuer first. */
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

/** Pure: certificates and bundles in, verdict out. */
export function checkPeer(_chain: PresentedChain, _options: PeerCheckOptions): PeerCheck {
  throw new Error('under construction');
}
