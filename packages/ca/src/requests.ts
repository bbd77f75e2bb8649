import type { PeerIdentity } from '@lateen/identity';

/** What goes into a certificate. Always from a credential, never from a CSR. */
export interface WorkloadIdentity {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** `app` and `workload` default to the first service's name (and version), else to the service account. */
  readonly labels: Readonly<Record<string, string>>;
  /** Services it may register: `reviews.default`, or `reviews` for its own namespace. */
  readonly services: readonly string[];
}

export interface IssuedCertificate {
  /** SPIFFE ID. */
  readonly id: string;
  readonly certificatePem: string;
  /** The leaf's issuer first, without the root. */
  readonly chainPem: readonly string[];
  /** Epoch ms. */
  readonly notAfter: number;
  /** Hex. */
  readonly serial: string;
}

export interface JoinTokenRequest {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly services: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** How long it can be used. Default 10 min; at most 24 h. */
  readonly ttlMs?: number;
  /** Any number of keys within `ttlMs`. Default false: one key. */
  readonly reusable?: boolean;
}

export interface JoinToken {
  /** `ltj1.…`, shown once. */
  readonly joinString: string;
  /** SPIFFE ID it is good for. */
  readonly id: string;
  /** Epoch ms. */
  readonly notAfter: number;
}

export interface IssueRequest {
  readonly csrDer: Uint8Array;
  readonly identity: WorkloadIdentity;
  readonly ttlMs?: number;
}

export interface AttestRequest {
  /** As it came: anything that is no string is refused as a bad credential. A whole join string or only its secret. */
  readonly joinSecret: unknown;
  readonly csrDer: Uint8Array;
  /** As it came. Longer than allowed is cut, anything but a positive number is refused. */
  readonly ttlMs?: unknown;
  /** Who asks, for the rate limit: the remote address. */
  readonly source: string;
}

export interface RenewRequest {
  /** From `checkPeerSocket`; undefined when no certificate was shown. */
  readonly peer: PeerIdentity | undefined;
  readonly csrDer: Uint8Array;
  readonly ttlMs?: unknown;
}
