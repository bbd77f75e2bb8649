import { type KeyObject, X509Certificate } from 'node:crypto';
import { Cell, constant } from '@lateen/core';
import { createBundle } from './bundle/trust-bundles.ts';
import { formatSpiffeId } from './spiffe-id.ts';
import type { IdentitySource, Svid } from './svid.ts';
import { createSvid } from './svid/create-svid.ts';
import type { TrustBundle, TrustBundles } from './trust-bundle.ts';
import { encodePem } from './der/pem.ts';
import { buildCertificate, p256Signer, randomSerial } from './x509/build-certificate.ts';
import { generateP256 } from './x509/certificate-request.ts';
import type { Extension } from './x509/extension.ts';
import { authorityExtensions, workloadExtensions } from './x509/workload-certificate.ts';
import type { WorkloadClaims } from './x509/workload-claims.ts';

/** How a test certificate differs from a good one. */
export interface TestCertificateOptions {
  readonly namespace?: string;
  readonly serviceAccount?: string;
  /** Instead of the usual `/ns/…/sa/…` of the authority's trust domain. */
  readonly id?: string;
  readonly claims?: WorkloadClaims;
  /** Epoch ms. Default: from a minute ago, for an hour. */
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly receivedAt?: number;
  /** Instead of an SVID's. */
  readonly extensions?: readonly Extension[];
}

export interface TestCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly certificate: X509Certificate;
  readonly privateKey: KeyObject;
}

/** A certificate authority in memory, made in a millisecond, for tests of whoever speaks mTLS. */
export interface TestAuthority {
  readonly trustDomain: string;
  readonly root: X509Certificate;
  readonly bundle: TrustBundle;
  readonly bundles: TrustBundles;
  /** Any certificate, good or not. */
  certificate(options?: TestCertificateOptions): TestCertificate;
  /** A good identity of `spiffe://<trust domain>/ns/default/sa/<account>`. */
  svid(serviceAccount: string, options?: TestCertificateOptions): Svid;
  /** The same as a source that never changes; give a `Cell` to rotate. */
  identity(svid: Svid | Cell<Svid | undefined>): IdentitySource;
}

const MINUTE_MS = 60_000;

/** @param nowWallMs epoch ms the certificates are valid around. */
export function testAuthority(nowWallMs: number, trustDomain = 'cluster.local'): TestAuthority {
  const keys = generateP256();
  const name = { organization: trustDomain, commonName: 'test root' };
  const signer = p256Signer(keys.privateKey);
  const root = new X509Certificate(
    buildCertificate(
      {
        serial: randomSerial(),
        issuer: name,
        issuerPublicKey: keys.publicKey,
        subject: name,
        publicKey: keys.publicKey,
        notBefore: nowWallMs - 24 * 60 * MINUTE_MS,
        notAfter: nowWallMs + 10 * 365 * 24 * 60 * MINUTE_MS,
        extensions: authorityExtensions(1),
      },
      signer,
    ),
  );
  const bundle = createBundle(trustDomain, 1, [root]);
  const bundles: TrustBundles = new Map([[trustDomain, bundle]]);

  const certificate = (options: TestCertificateOptions = {}): TestCertificate => {
    const own = generateP256();
    const { namespace = 'default', serviceAccount = 'test' } = options;
    const id = options.id ?? formatSpiffeId({ trustDomain, namespace, serviceAccount });
    const claims = options.claims ?? {
      labels: { app: serviceAccount, workload: serviceAccount },
      services: [`${serviceAccount}.${namespace}`],
    };
    const der = buildCertificate(
      {
        serial: randomSerial(),
        issuer: name,
        issuerPublicKey: keys.publicKey,
        subject: {},
        publicKey: own.publicKey,
        notBefore: options.notBefore ?? nowWallMs - MINUTE_MS,
        notAfter: options.notAfter ?? nowWallMs + 60 * MINUTE_MS,
        extensions: options.extensions ?? workloadExtensions(id, claims),
      },
      signer,
    );
    return {
      certificatePem: encodePem(der, 'CERTIFICATE'),
      privateKeyPem: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      certificate: new X509Certificate(der),
      privateKey: own.privateKey,
    };
  };

  return {
    trustDomain,
    root,
    bundle,
    bundles,
    certificate,
    svid: (serviceAccount, options = {}) => {
      const made = certificate({ serviceAccount, ...options });
      return createSvid({ ...made, receivedAt: options.receivedAt ?? nowWallMs });
    },
    identity: (svid) => ({
      svid: svid instanceof Cell ? svid : constant<Svid | undefined>(svid),
      bundles: constant(bundles),
      problem: constant(undefined),
      close: () => {},
    }),
  };
}
