import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { constructed, decodeDer, encodeDer, TAG } from '../der/asn1.ts';
import { bitString, oid, sequence, set, smallInteger } from '../der/der-builders.ts';
import { REQUEST_LIMITS } from '../der/strict-der.ts';
import { alternativeNames } from './alternative-names.ts';
import { type Extension, extensionsToDer } from './extension.ts';
import { publicKeyDer } from './key-identifiers.ts';
import { OID } from './oids.ts';

/** A fresh key and what is sent to have it certified. */
export interface KeyAndRequest {
  /** PKCS#8 PEM. Never logged, never sent. */
  readonly privateKeyPem: string;
  readonly privateKey: KeyObject;
  /** PKCS#10, DER. */
  readonly csrDer: Buffer;
}

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export function generateP256(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

/**
 * Makes a P-256 key (0.07 ms) and a CSR for it. `spiffeId`, if given, is what the CSR asks for: the CA takes the identity from the
 * credential and refuses a CSR that asks for another one, so a mistake shows at once.
 */
export function createKeyAndRequest(spiffeId?: string): KeyAndRequest {
  const keys = generateP256();
  const extensions = spiffeId === undefined ? [] : [alternativeNames({ uris: [spiffeId] }, true)];
  const privateKeyPem = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { privateKeyPem, privateKey: keys.privateKey, csrDer: buildCertificateRequest(keys, extensions) };
}

/** PKCS#10 with an empty subject, signed with ECDSA-SHA256. Source: RFC 2986. */
export function buildCertificateRequest(keys: KeyPair, extensions: readonly Extension[]): Buffer {
  const requested = extensions.length > 0 ? [sequence(oid(OID.extensionRequest), set(extensionsToDer(extensions)))] : [];
  const info = sequence(
    smallInteger(0),
    sequence(),
    decodeDer(publicKeyDer(keys.publicKey), REQUEST_LIMITS),
    constructed(TAG.contextConstructed, requested),
  );
  const signature = sign('sha256', encodeDer(info), keys.privateKey);
  return encodeDer(sequence(info, sequence(oid(OID.ecdsaWithSha256)), bitString(signature)));
}
