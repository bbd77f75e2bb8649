import type { SecureContext } from 'node:tls';
import type { Watched, WorkloadLabels } from '@lateen/core';
import type { TrustBundles } from './trust-bundle.ts';

/** A workload's own certificate and key, immutable: a renewal makes a new one with a new key. */
export interface Svid {
  /** `spiffe://cluster.local/ns/default/sa/bookinfo-reviews` */
  readonly id: string;
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly labels: WorkloadLabels | undefined;
  /** Services this identity may register, from the certificate. */
  readonly services: readonly string[];
  /** Leaf first, then intermediates, PEM. */
  readonly certificatePem: string;
  /** PKCS#8 PEM. Never logged, never sent. */
  readonly privateKeyPem: string;
  readonly serial: string;
  /** Epoch ms. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Epoch ms by our clock; renewal counts from here. */
  readonly receivedAt: number;
  /** Made once per Svid: TLS 1.3 only, no tickets, P-256. For both directions. */
  readonly secureContext: SecureContext;
}

/**
 * Where a process's identity comes from: lateend (`@lateen/control`) or files. Connections read `.svid.value` when they are made,
 * so a renewal needs no restart and drops nothing.
 */
export interface IdentitySource {
  /** Undefined until the first certificate arrives. */
  readonly svid: Watched<Svid | undefined>;
  readonly bundles: Watched<TrustBundles>;
  /** Why there is no valid certificate, one sentence with the mend; undefined when all is well. For `/healthz/ready`. */
  readonly problem: Watched<string | undefined>;
  close(): void;
}
