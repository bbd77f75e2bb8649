import { type DerNode, decodeDer, encodeDer, TAG } from '../der/asn1.ts';
import { DerError } from '../der/der-error.ts';
import { sequenceOf, sequenceOfLength, smallIntegerOf, timeOf } from '../der/der-readers.ts';
import { CERTIFICATE_LIMITS } from '../der/strict-der.ts';
import { type AlternativeNames, NO_NAMES, readAlternativeNames } from './alternative-names.ts';
import { assertName } from './distinguished-name.ts';
import { type Extension, extensionsFromDer } from './extension.ts';
import { publicKeySha256 } from './key-identifiers.ts';
import { type KeyUsage, readBasicConstraints, readExtendedKeyUsage, readKeyUsage } from './key-usage.ts';
import { readPermittedUriHosts } from './name-constraints.ts';
import { OID } from './oids.ts';
import { NO_CLAIMS, readWorkloadClaims, type WorkloadClaims } from './workload-claims.ts';

/** A certificate as its bytes say; nothing of it is verified. */
export interface ParsedCertificate {
  /** Hex, lower case, without leading zero bytes. */
  readonly serial: string;
  /** Epoch ms. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKeySha256: string;
  readonly names: AlternativeNames;
  readonly isAuthority: boolean;
  readonly pathLength: number | undefined;
  readonly keyUsage: ReadonlySet<KeyUsage> | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  /** From the name constraints; undefined when URIs are not constrained. */
  readonly permittedUriHosts: readonly string[] | undefined;
  readonly claims: WorkloadClaims;
  /** Critical extensions that nothing here understands: whoever verifies must refuse. */
  readonly unknownCritical: readonly string[];
}

const UNDERSTOOD: ReadonlySet<string> = new Set([
  OID.subjectKeyIdentifier,
  OID.authorityKeyIdentifier,
  OID.keyUsage,
  OID.subjectAlternativeName,
  OID.basicConstraints,
  OID.nameConstraints,
  OID.extendedKeyUsage,
  OID.workloadClaims,
]);

/** Reads an untrusted X.509 v3 certificate, strictly (about 50 µs). @throws {DerError} */
export function parseCertificate(der: Uint8Array): ParsedCertificate {
  const [body, algorithm] = sequenceOfLength(decodeDer(der, CERTIFICATE_LIMITS), 3, 'the certificate');
  const parts = sequenceOf(body, 'the certificate body');
  if (parts.length !== 8) throw new DerError('no v3 certificate with extensions');
  const [version, serial, innerAlgorithm, issuer, validity, subject, spki, wrapped] = parts as [DerNode, ...DerNode[]];
  if (version.tag !== TAG.contextConstructed || smallIntegerOf(version.children[0], 'the version') !== 2) {
    throw new DerError('a version that is not 3');
  }
  if (!encodeDer(innerAlgorithm as DerNode).equals(encodeDer(algorithm as DerNode))) {
    throw new DerError('two different signature algorithms');
  }
  assertName(issuer, 'the issuer');
  assertName(subject, 'the subject');
  const [notBefore, notAfter] = sequenceOfLength(validity, 2, 'the validity');
  if (wrapped?.tag !== (TAG.contextConstructed | 3) || wrapped.children.length !== 1) throw new DerError('no extensions');
  return {
    serial: serialOf(serial),
    notBefore: timeOf(notBefore, 'notBefore'),
    notAfter: timeOf(notAfter, 'notAfter'),
    publicKeySha256: publicKeySha256(encodeDer(spki as DerNode)),
    ...readExtensions(extensionsFromDer(wrapped.children[0])),
  };
}

type FromExtensions = Omit<ParsedCertificate, 'serial' | 'notBefore' | 'notAfter' | 'publicKeySha256'>;

function readExtensions(extensions: ReadonlyMap<string, Extension>): FromExtensions {
  const read = <T>(oid: string, reader: (value: Buffer) => T): T | undefined => {
    const found = extensions.get(oid);
    return found && reader(found.value);
  };
  const constraints = read(OID.basicConstraints, readBasicConstraints);
  return {
    names: read(OID.subjectAlternativeName, readAlternativeNames) ?? NO_NAMES,
    isAuthority: constraints?.isAuthority ?? false,
    pathLength: constraints?.pathLength,
    keyUsage: read(OID.keyUsage, readKeyUsage),
    extendedKeyUsage: read(OID.extendedKeyUsage, readExtendedKeyUsage),
    permittedUriHosts: read(OID.nameConstraints, readPermittedUriHosts),
    claims: read(OID.workloadClaims, readWorkloadClaims) ?? NO_CLAIMS,
    unknownCritical: [...extensions.values()]
      .filter((each) => each.critical && !UNDERSTOOD.has(each.oid))
      .map((each) => each.oid),
  };
}

function serialOf(node: DerNode | undefined): string {
  if (node?.tag !== TAG.integer || node.content.length > 21) throw new DerError('a serial number that is none');
  return node.content.toString('hex').replace(/^(?:00)+(?=.)/, '');
}
