/** What the mesh knows of a workload beyond its name; written by the CA from the credential, never by the workload. */
export interface WorkloadLabels {
  /** `app` label: the canonical service. */
  readonly app: string;
  readonly version?: string;
  /** Deployment name: `reviews-v2`. */
  readonly workload: string;
  /** One process: unique among the live ones. */
  readonly instance?: string;
  readonly [label: string]: string | undefined;
}

/**
 * Who is at the other end of a connection. Made once when the connection is accepted; every request on it points here.
 */
export interface Principal {
  /** `spiffe://cluster.local/ns/default/sa/bookinfo-reviews` */
  readonly id: string;
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly labels: WorkloadLabels | undefined;
  /** SHA-256 of the certificate that signed the peer's, hex: which authority vouches. */
  readonly authority: string;
  /** Epoch ms at which the certificate, and so the connection, ends. */
  readonly notAfter: number;
}
