import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  alternativeNames,
  authorityExtensions,
  basicConstraints,
  buildCertificate,
  type DistinguishedName,
  encodePem,
  extendedKeyUsage,
  generateP256,
  keyUsage,
  OID,
  p256Signer,
  randomSerial,
  workloadClaims,
} from '@lateen/identity/x509';

/** A certificate with its chain, and the key. */
export interface Forged {
  readonly cert: string;
  readonly key: string;
}

export interface Forgery {
  /** URI names; a good certificate has exactly one. */
  readonly uris: readonly string[];
  /** Epoch ms; default: an hour from now. */
  readonly notAfter?: number;
}

/** Makes certificates that an honest authority would not. */
export interface Forger {
  make(forgery: Forgery): Forged;
}

const HOUR_MS = 3_600_000;

/** Signs with a running mesh's own authority, read from lateend's state: what it makes fails for what it says, not for who signed it. */
export function insideForger(lateendState: string): Forger {
  const { trustDomain, intermediatePem, intermediateKeyPem } = JSON.parse(
    readFileSync(join(lateendState, 'ca/authority.json'), 'utf8'),
  ) as Record<string, string>;
  const key = createPrivateKey(intermediateKeyPem as string);
  return forger({
    name: { organization: trustDomain as string, commonName: 'Lateen workload authority' },
    key,
    chainPem: intermediatePem as string,
  });
}

/** An authority that nobody here trusts. */
export function strangeForger(): Forger {
  const { privateKey: key, publicKey } = generateP256();
  const name = { organization: 'strangers', commonName: 'strange root' };
  const validity = { notBefore: Date.now() - HOUR_MS, notAfter: Date.now() + 24 * HOUR_MS };
  const root = buildCertificate(
    {
      ...validity,
      serial: randomSerial(),
      issuer: name,
      issuerPublicKey: publicKey,
      subject: name,
      publicKey,
      extensions: authorityExtensions(1),
    },
    p256Signer(key),
  );
  return forger({ name, key, chainPem: encodePem(root, 'CERTIFICATE') });
}

interface Signing {
  readonly name: DistinguishedName;
  readonly key: KeyObject;
  readonly chainPem: string;
}

function forger({ name, key, chainPem }: Signing): Forger {
  return {
    make({ uris, notAfter = Date.now() + HOUR_MS }) {
      const { privateKey, publicKey } = generateP256();
      const names = uris.length > 0 ? [alternativeNames({ uris }, true)] : [];
      const der = buildCertificate(
        {
          serial: randomSerial(),
          issuer: name,
          issuerPublicKey: createPublicKey(key),
          subject: {},
          publicKey,
          notBefore: Math.min(Date.now(), notAfter) - HOUR_MS,
          notAfter,
          extensions: [
            ...names,
            basicConstraints({ isAuthority: false, pathLength: undefined }),
            keyUsage(['digitalSignature']),
            extendedKeyUsage([OID.serverAuth, OID.clientAuth]),
            workloadClaims({ labels: { app: 'reviews', workload: 'reviews-v1' }, services: ['reviews.default'] }),
          ],
        },
        p256Signer(key),
      );
      return {
        cert: `${new X509Certificate(der).toString()}${chainPem}`,
        key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}
