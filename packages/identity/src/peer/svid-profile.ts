import { OID } from '../x509/oids.ts';
import type { ParsedCertificate } from '../x509/parse-certificate.ts';
import { parseSpiffeId, type SpiffeId } from '../spiffe-id.ts';
import type { PeerRefusal } from './check-peer.ts';

export type SvidProfile =
  | { readonly ok: true; readonly spiffeId: SpiffeId }
  | { readonly ok: false; readonly reason: PeerRefusal; readonly message: string };

/**
 * Whether a certificate has the form of an X.509-SVID: one SPIFFE URI, a leaf, for signatures only, for both directions. Node and
 * OpenSSL check none of this. Source: SPIFFE X509-SVID §§2–5.
 */
export function svidProfile(certificate: ParsedCertificate): SvidProfile {
  const { uris } = certificate.names;
  if (uris.length !== 1) return refused('bad_spiffe_id', `holds ${uris.length} URIs, not exactly one SPIFFE ID`);
  const spiffeId = parseSpiffeId(uris[0] as string);
  if (!spiffeId) return refused('bad_spiffe_id', 'holds a URI that is no SPIFFE ID');
  if (certificate.isAuthority) return refused('is_authority', "is an authority's, not a workload's");
  const usage = certificate.keyUsage;
  if (!usage?.has('digitalSignature') || usage.has('keyCertSign') || usage.has('cRLSign')) {
    return refused('bad_key_usage', 'is not for digital signatures, or is for signing certificates');
  }
  const purposes = certificate.extendedKeyUsage;
  if (purposes && !(purposes.includes(OID.serverAuth) && purposes.includes(OID.clientAuth))) {
    return refused('bad_extended_key_usage', 'is not for both server and client');
  }
  if (certificate.unknownCritical.length > 0) {
    return refused('unknown_critical_extension', `has the unknown critical extension ${certificate.unknownCritical[0]}`);
  }
  return { ok: true, spiffeId };
}

function refused(reason: PeerRefusal, message: string): SvidProfile {
  return { ok: false, reason, message };
}
