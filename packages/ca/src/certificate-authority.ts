import type { Clock, Logger, Watched } from '@lateen/core';
import type { PeerIdentity, TrustBundle } from '@lateen/identity';

export interface CertificateAuthorityOptions {
  /** Folder for keys, tokens, grants and the audit log; made 0700. */
  readonly stateDir: string;
  readonly trustDomain: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default 1 h. */
  readonly leafTtlMs?: number;
  /** Longest that may be asked for. Default 24 h. */
  readonly maxTtlMs?: number;
  /** Shortest. Default 5 min. */
  readonly minTtlMs?: number;
}

/** What goes into a certificate. Always from a credential, never from a CSR. */
export interface WorkloadIdentity {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** `app` and `workload` default to the first service's name, or the service account. */
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

/** The authority of one trust domain. All refusals are `CaError`s. */
export declare class CertificateAuthority {
  static open(options: CertificateAuthorityOptions): Promise<CertificateAuthority>;
  readonly trustDomain: string;
  readonly bundle: Watched<TrustBundle>;
  /** SHA-256 of the root's SubjectPublicKeyInfo, hex: the pin in join strings. */
  readonly rootPin: string;
  /** Which SPIFFE IDs may serve a service: `reviews.default` → IDs. Grows with each token. */
  readonly grants: Watched<ReadonlyMap<string, readonly string[]>>;
  /** Why it can't sign, one sentence; undefined when it can. */
  problem(): string | undefined;
  /** For the daemon itself (its own server certificate, the admin's). */
  issue(request: IssueRequest): Promise<IssuedCertificate>;
  createToken(request: JoinTokenRequest): Promise<JoinToken>;
  attest(request: AttestRequest): Promise<IssuedCertificate>;
  renew(request: RenewRequest): Promise<IssuedCertificate>;
  /** Waits for what is being written. */
  close(): Promise<void>;
}
