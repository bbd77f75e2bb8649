import type { LocalityOptions, WarmupOptions } from '@lateen/balancer';
import type { RuleOrigin } from '@lateen/core';

export type LoadBalancerPolicy =
  | 'PEAK_EWMA'
  | 'LEAST_REQUEST'
  | 'ROUND_ROBIN'
  | 'RANDOM'
  | 'RING_HASH'
  | 'MAGLEV'
  /** Where the request itself says, if it does by an address; a name means any endpoint. */
  | 'PASSTHROUGH';

/** What `consistentHash` hashes. */
export type HashKey =
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'query'; readonly name: string }
  | { readonly kind: 'source-ip' }
  | HashCookie;

export interface HashCookie {
  readonly kind: 'cookie';
  readonly name: string;
  readonly path: string;
  /** Undefined: the mesh makes no cookie. 0: one for the session. */
  readonly ttlSeconds: number | undefined;
  /** `SameSite=Strict`, in order. */
  readonly attributes: readonly string[];
}

/** DestinationRule's `consistentHash`. */
export interface HashSettings {
  /** Undefined: nothing was named, and any endpoint will do. */
  readonly key: HashKey | undefined;
  /** Least size of the ring, or Maglev's table size. */
  readonly size: number;
}

/** DestinationRule's `connectionPool`. Infinity = no limit. */
export interface ConnectionPoolSettings {
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly maxPendingRequests: number;
  /** `http2MaxRequests`: requests in flight to the cluster, whatever the protocol. */
  readonly maxRequests: number;
  readonly maxRequestsPerConnection: number;
  /** Retries in flight to the cluster. */
  readonly maxRetries: number;
  readonly idleTimeoutMs: number;
  /** No request is sent on a connection older than this. */
  readonly maxConnectionDurationMs: number;
}

/** DestinationRule's `outlierDetection` as far as consecutive errors go. 0 turns one detector off. */
export interface OutlierDetectionSettings {
  readonly consecutive5xx: number;
  readonly consecutiveGatewayErrors: number;
  readonly consecutiveLocalOriginFailures: number;
  readonly splitExternalLocalOriginErrors: boolean;
  readonly intervalMs: number;
  readonly baseEjectionTimeMs: number;
  readonly maxEjectionPercent: number;
  readonly minHealthPercent: number;
  /** Changes within this time of one that took effect take effect together at its end. */
  readonly mergeWindowMs: number;
}

export interface TlsSettings {
  /** `auto`: mTLS where the endpoint speaks it. `SIMPLE` verifies a DNS name against public or given roots. */
  readonly mode: 'auto' | 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  readonly sni: string | undefined;
  readonly subjectAltNames: readonly string[];
  /** PEM files, where the mode needs them. */
  readonly caCertificates: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly privateKey: string | undefined;
  readonly insecureSkipVerify: boolean;
}

/** DestinationRule's or the default's retry budget for one cluster. */
export type RetryBudgetSettings =
  /** Envoy's: retries in flight ≤ percent of requests in flight, at least `minConcurrency`. */
  | { readonly kind: 'active-requests'; readonly percent: number; readonly minConcurrency: number }
  /** Finagle's: each request deposits `percent`, plus `minPerSec`, over a window. */
  | { readonly kind: 'token-bucket'; readonly percent: number; readonly minPerSec: number }
  | { readonly kind: 'none' };

/** What absent outlier detection means under `defaults: lateen`. */
export interface BreakerSettings {
  readonly consecutiveFailures: number;
  readonly openMs: number;
  /** Never more than this share of a cluster's endpoints open. 0–1. */
  readonly maxOpenRatio: number;
}

/** One cluster: a host, a port, perhaps a subset, and the policy in force. Immutable; long-lived state hangs beside it. */
export interface ClusterSpec {
  /** `outbound|9080|v1|reviews.default.svc.cluster.local` */
  readonly name: string;
  readonly host: string;
  /** Short service name and namespace, for metrics. */
  readonly serviceName: string;
  readonly serviceNamespace: string;
  readonly port: number;
  readonly subset: string;
  /** Labels an endpoint must carry; empty = all. */
  readonly subsetLabels: Readonly<Record<string, string>>;
  readonly location: 'mesh' | 'external';
  readonly resolution: 'registry' | 'static' | 'dns' | 'none';
  /** SPIFFE IDs the servers may have. */
  readonly identities: readonly string[];
  readonly loadBalancer: LoadBalancerPolicy;
  /** With `RING_HASH` and `MAGLEV`. */
  readonly hash: HashSettings | undefined;
  readonly warmup: WarmupOptions | undefined;
  /** Undefined: all endpoints are equally near. */
  readonly locality: LocalityOptions | undefined;
  readonly connectionPool: ConnectionPoolSettings;
  readonly outlierDetection: OutlierDetectionSettings | undefined;
  readonly breaker: BreakerSettings | undefined;
  readonly retryBudget: RetryBudgetSettings;
  readonly tls: TlsSettings;
  /** The DestinationRule's or subset's place; undefined when none applies. */
  readonly origin: RuleOrigin | undefined;
  /** Changes whenever anything above but `origin` does: equal keys mean the running state may stay as it is. */
  readonly fingerprint: string;
}
