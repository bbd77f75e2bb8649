import { createHash, type KeyObject } from 'node:crypto';
import { primitive, TAG } from '../der/asn1.ts';
import { octetString, sequence } from '../der/der-builders.ts';
import { type Extension, extension } from './extension.ts';
import { OID } from './oids.ts';

export function publicKeyDer(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

/** SHA-256 of a SubjectPublicKeyInfo, hex: how Lateen names a key. */
export function publicKeySha256(spki: Uint8Array): string {
  return createHash('sha256').update(spki).digest('hex');
}

/** The first 20 bytes of the SHA-256 of the SubjectPublicKeyInfo. Source: RFC 7093 §2, method 4, shortened as method 1. */
function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha256').update(publicKeyDer(key)).digest().subarray(0, 20);
}

export function subjectKeyIdentifier(key: KeyObject): Extension {
  return extension(OID.subjectKeyIdentifier, false, octetString(keyIdentifier(key)));
}

export function authorityKeyIdentifier(key: KeyObject): Extension {
  const keyId = primitive(TAG.context, keyIdentifier(key));
  return extension(OID.authorityKeyIdentifier, false, sequence(keyId));
}
