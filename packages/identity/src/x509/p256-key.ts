import { createPublicKey, type KeyObject } from 'node:crypto';
import { DerError } from '../der/der-error.ts';
import { publicKeyDer } from './key-identifiers.ts';

/** AlgorithmIdentifier(ecPublicKey, prime256v1) and the head of a BIT STRING with an uncompressed point. */
const SPKI_HEAD = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
const SPKI_LENGTH = 91;

/**
 * A P-256 key from an untrusted SubjectPublicKeyInfo: named curve, uncompressed point on the curve. Length and head are checked
 * by us, since `createPublicKey` takes explicit parameters, compressed points and the point at infinity too.
 *
 * @throws {DerError}
 */
export function p256KeyFromDer(spki: Buffer): KeyObject {
  if (spki.length !== SPKI_LENGTH || !spki.subarray(0, SPKI_HEAD.length).equals(SPKI_HEAD)) {
    throw new DerError('the key is no uncompressed P-256 point');
  }
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    if (publicKeyDer(key).equals(spki)) return key;
  } catch {
    // Off the curve; said below.
  }
  throw new DerError('the key is no point of P-256');
}
