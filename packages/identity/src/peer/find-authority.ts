import type { X509Certificate } from 'node:crypto';
import type { TrustBundle } from '../trust-bundle.ts';
import { permitsTrustDomain } from '../x509/name-constraints.ts';
import { type ParsedCertificate, parseCertificate } from '../x509/parse-certificate.ts';

const MAX_PATH = 4;

const parsedAuthorities = new WeakMap<X509Certificate, ParsedCertificate | null>();

/**
 * The certificate that signed `certificate`, when a path leads from it to a self-signed member of the bundle: every step by
 * issuer, key usage and signature, every authority valid now, within its path length and permitted this trust domain. Presented
 * intermediates, each used once and in their order, may bridge the way; only the bundle ends it. So a hostile chain costs a few
 * signature checks and no more. Source: RFC 5280 §6.
 */
export function findAuthority(
  certificate: X509Certificate,
  bundle: TrustBundle,
  presented: readonly X509Certificate[],
  nowWallMs: number,
): X509Certificate | undefined {
  return climb(certificate, bundle, presented, nowWallMs, 0);
}

function climb(
  certificate: X509Certificate,
  bundle: TrustBundle,
  presented: readonly X509Certificate[],
  nowWallMs: number,
  below: number,
): X509Certificate | undefined {
  if (below >= MAX_PATH) return undefined;
  for (const authority of bundle.authorities) {
    if (!mayHaveSigned(authority, certificate, bundle.trustDomain, nowWallMs, below)) continue;
    if (isSelfIssued(authority) || climb(authority, bundle, presented, nowWallMs, below + 1)) return authority;
  }
  const [next, ...rest] = presented;
  if (!next || isSelfIssued(next) || !mayHaveSigned(next, certificate, bundle.trustDomain, nowWallMs, below)) return undefined;
  return climb(next, bundle, rest, nowWallMs, below + 1) && next;
}

function mayHaveSigned(
  authority: X509Certificate,
  certificate: X509Certificate,
  trustDomain: string,
  nowWallMs: number,
  below: number,
): boolean {
  if (!certificate.checkIssued(authority)) return false;
  const parsed = authorityProfile(authority);
  if (!parsed || nowWallMs < parsed.notBefore || nowWallMs >= parsed.notAfter) return false;
  if (parsed.pathLength !== undefined && parsed.pathLength < below) return false;
  return permitsTrustDomain(parsed.permittedUriHosts, trustDomain) && certificate.verify(authority.publicKey);
}

export function isSelfIssued(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate);
}

/** What the certificate says, when it says that it may sign certificates; read once per object. */
export function authorityProfile(authority: X509Certificate): ParsedCertificate | undefined {
  let parsed = parsedAuthorities.get(authority);
  if (parsed === undefined) {
    parsed = readAuthority(authority);
    parsedAuthorities.set(authority, parsed);
  }
  return parsed ?? undefined;
}

function readAuthority(authority: X509Certificate): ParsedCertificate | null {
  try {
    const parsed = parseCertificate(authority.raw);
    const maySign = parsed.isAuthority && parsed.keyUsage?.has('keyCertSign') && parsed.unknownCritical.length === 0;
    return maySign ? parsed : null;
  } catch {
    return null;
  }
}
