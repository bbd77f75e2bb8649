import { type KeyObject, randomBytes, sign } from 'node:crypto';
import { constructed, decodeDer, encodeDer, TAG } from '../der/asn1.ts';
import { bitString, oid, sequence, smallInteger, time, unsignedInteger } from '../der/der-builders.ts';
import { CERTIFICATE_LIMITS } from '../der/strict-der.ts';
import { type DistinguishedName, nameToDer } from './distinguished-name.ts';
import { type Extension, extensionsToDer } from './extension.ts';
import { authorityKeyIdentifier, publicKeyDer, subjectKeyIdentifier } from './key-identifiers.ts';
import { OID } from './oids.ts';

export interface CertificateTemplate {
  /** Hex, from {@link randomSerial}. */
  readonly serial: string;
  readonly issuer: DistinguishedName;
  /** For the authority key identifier. */
  readonly issuerPublicKey: KeyObject;
  readonly subject: DistinguishedName;
  readonly publicKey: KeyObject;
  /** Epoch ms, rounded down to seconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Beside the key identifiers, which are always written. */
  readonly extensions: readonly Extension[];
}

/** Signs with P-256 and SHA-256; a key in an HSM or KMS can stand behind it. */
export type Signer = (message: Buffer) => Buffer;

export function p256Signer(privateKey: KeyObject): Signer {
  return (message) => sign('sha256', message, privateKey);
}

/** 126 random bits, positive, 16 bytes. */
export function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

/** An X.509 v3 certificate, DER. Source: RFC 5280 §4.1. */
export function buildCertificate(template: CertificateTemplate, signer: Signer): Buffer {
  const extensions = [
    ...template.extensions,
    subjectKeyIdentifier(template.publicKey),
    authorityKeyIdentifier(template.issuerPublicKey),
  ];
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const toBeSigned = sequence(
    constructed(TAG.contextConstructed, [smallInteger(2)]),
    unsignedInteger(Buffer.from(template.serial, 'hex')),
    algorithm,
    nameToDer(template.issuer),
    sequence(time(template.notBefore), time(template.notAfter)),
    nameToDer(template.subject),
    decodeDer(publicKeyDer(template.publicKey), CERTIFICATE_LIMITS),
    constructed(TAG.contextConstructed | 3, [extensionsToDer(extensions)]),
  );
  return encodeDer(sequence(toBeSigned, algorithm, bitString(signer(encodeDer(toBeSigned)))));
}
