/** One address that serves a host: what discovery says of it, immutable. Two descriptions with one `key` are one endpoint. */
export interface Endpoint {
  /** Stable identity: the instance id where there is one, else `address:port`. */
  readonly key: string;
  readonly address: string;
  readonly port: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Relative share, ≥ 1. Default 1. */
  readonly weight: number;
  /** `region/zone/sub-zone`, empty when unknown. */
  readonly locality: string;
  /** Whether the peer speaks the mesh's mTLS. `none` = plaintext HTTP. */
  readonly tls: 'mutual' | 'none';
  /** Protocols the peer's mesh port speaks, best first. Today `['http/1.1']`. */
  readonly protocols: readonly string[];
  /** Deployment name for metrics (`reviews-v2`), empty when unknown. */
  readonly workload: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** The endpoints of one host and port. `version` grows with each change; the array is never mutated. */
export interface EndpointSet {
  readonly endpoints: readonly Endpoint[];
  readonly version: number;
  /** False until the source answered for the first time; an empty set that is not ready says nothing. */
  readonly ready: boolean;
  /** The source is sick; these are the last good ones. Epoch ms since when, 0 when it is well. */
  readonly staleSince: number;
}

export const NO_ENDPOINTS: EndpointSet = { endpoints: [], version: 0, ready: false, staleSince: 0 };
