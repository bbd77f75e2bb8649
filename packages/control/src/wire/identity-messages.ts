import { anyObject, anything, type Check, exactly, flag, integer, list, optional, record, shape, text } from './check.ts';

/** Body of `POST /v1/svid`. */
export interface SvidRequest {
  /** The join string's secret. */
  readonly joinToken: string;
  /** PKCS#10, DER, base64. */
  readonly csr: string;
  readonly ttlMs?: number;
}

/** Body of `POST /v1/svid/renew`; the credential is the connection's certificate. */
export interface RenewSvidRequest {
  readonly csr: string;
  readonly ttlMs?: number;
}

/** A SPIFFE bundle document and the domain it is for. */
export interface BundleReply {
  readonly trustDomain: string;
  readonly jwks: object;
}

export interface SvidReply {
  readonly id: string;
  /** PEM. */
  readonly certificate: string;
  /** PEM, the leaf's issuer first, without the root. */
  readonly chain: readonly string[];
  /** Epoch ms. */
  readonly notAfter: number;
  readonly serial: string;
  readonly bundle: BundleReply;
}

/** Body of `POST /v1/admin/join-tokens`. */
export interface JoinTokenBody {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Services its holder may register: `reviews.default`, or `reviews` for its own namespace. */
  readonly services: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** Default 10 min, at most 24 h. */
  readonly ttlMs?: number;
  /** Any number of processes within `ttlMs`. Default false: one. */
  readonly reusable?: boolean;
}

export interface JoinTokenReply {
  /** `ltj1.…`; nobody can show it again. */
  readonly joinString: string;
  readonly id: string;
  readonly notAfter: number;
}

/** What `GET /v1/admin/authority` tells. */
export interface AuthorityStatus {
  readonly trustDomain: string;
  /** SHA-256 of the root's SubjectPublicKeyInfo, hex. */
  readonly rootPin: string;
  readonly authorities: readonly { readonly subject: string; readonly fingerprint: string; readonly notAfter: number }[];
  readonly bundleSequence: number;
  readonly leafTtlMs: number;
  /** Which SPIFFE IDs may serve a service. */
  readonly grants: Readonly<Record<string, readonly string[]>>;
  /** Why it can't sign; absent when it can. */
  readonly problem?: string;
}

const csr = text(8192);

export const checkBundleReply: Check<BundleReply> = shape<BundleReply>({ trustDomain: text(255), jwks: anyObject });

export const checkSvidReply: Check<SvidReply> = shape<SvidReply>({
  id: text(2048),
  certificate: text(16_384),
  chain: list(text(16_384), 8),
  notAfter: integer(0),
  serial: text(),
  bundle: checkBundleReply,
});

/** A {@link SvidRequest} as it came: the credential is the authority's to judge, which answers a malformed one like a wrong one. */
export interface UncheckedSvidRequest {
  readonly joinToken?: unknown;
  readonly csr: string;
  readonly ttlMs?: number;
}

export const checkSvidRequest: Check<UncheckedSvidRequest> = exactly<UncheckedSvidRequest>({
  joinToken: anything,
  csr,
  ttlMs: optional(integer(1)),
});

export const checkRenewSvidRequest: Check<RenewSvidRequest> = exactly<RenewSvidRequest>({ csr, ttlMs: optional(integer(1)) });

export const checkJoinTokenBody: Check<JoinTokenBody> = exactly<JoinTokenBody>({
  namespace: text(253),
  serviceAccount: text(253),
  services: list(text(512), 256),
  labels: optional(record(text(256), 64)),
  ttlMs: optional(integer(1)),
  reusable: optional(flag),
});
