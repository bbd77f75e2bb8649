/** The peer's half of Istio's labels, fixed per endpoint or connection. Missing parts read `unknown`. */
export interface WorkloadIdentityLabels {
  readonly workload: string;
  readonly namespace: string;
  readonly principal: string;
  readonly app: string;
  readonly version: string;
}

/** What a series is keyed on besides code and flags; fixed per (reporter, peer, service), so made once and kept by the caller. */
export interface SeriesKey {
  readonly reporter: 'source' | 'destination';
  readonly source: WorkloadIdentityLabels;
  readonly destination: WorkloadIdentityLabels;
  /** FQDN; `unknown` hosts share one label value. */
  readonly destinationService: string;
  /** Short name, or `PassthroughCluster`, `BlackHoleCluster`, `InboundPassthroughCluster`. */
  readonly destinationServiceName: string;
  readonly destinationServiceNamespace: string;
  /** Source reporters always say `unknown`, as Istio. */
  readonly securityPolicy: 'mutual_tls' | 'none' | 'unknown';
}
