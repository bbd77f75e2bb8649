import { alternativeNames } from './alternative-names.ts';
import type { Extension } from './extension.ts';
import { basicConstraints, extendedKeyUsage, keyUsage } from './key-usage.ts';
import { uriNameConstraint } from './name-constraints.ts';
import { OID } from './oids.ts';
import { type WorkloadClaims, workloadClaims } from './workload-claims.ts';

/** The extensions of an X.509-SVID; its subject is empty, so the alternative name is critical. Source: SPIFFE X509-SVID §4. */
export function workloadExtensions(spiffeId: string, claims: WorkloadClaims): readonly Extension[] {
  return [
    alternativeNames({ uris: [spiffeId] }, true),
    basicConstraints({ isAuthority: false, pathLength: undefined }),
    keyUsage(['digitalSignature']),
    extendedKeyUsage([OID.serverAuth, OID.clientAuth]),
    workloadClaims(claims),
  ];
}

/** Of an authority. With `trustDomain` it can vouch for no other. */
export function authorityExtensions(pathLength: number, trustDomain?: string): readonly Extension[] {
  return [
    basicConstraints({ isAuthority: true, pathLength }),
    keyUsage(['keyCertSign', 'cRLSign']),
    ...(trustDomain === undefined ? [] : [uriNameConstraint(trustDomain)]),
  ];
}
