/** One endpoint as `/clusters` shows it. */
export interface EndpointStatus {
  /** `address:port` */
  readonly endpoint: string;
  readonly key: string;
  readonly workload: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly locality: string;
  readonly tls: 'mutual' | 'none';
  readonly weight: number;
  readonly inFlight: number;
  /** 0 = never measured. */
  readonly ewmaMs: number;
  readonly available: boolean;
  /** Epoch ms; 0 = not ejected. */
  readonly ejectedUntil: number;
  readonly breaker: 'closed' | 'open' | 'half-open';
  /** Connections open now. */
  readonly connections: number;
  readonly requests: number;
  readonly failures: number;
}

/** One cluster as `/clusters` shows it. */
export interface ClusterStatus {
  /** `outbound|9080|v1|reviews.default.svc.cluster.local` */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly subset: string;
  readonly algorithm: string;
  /** The DestinationRule's place; empty when none applies. */
  readonly policy: string;
  readonly inFlight: number;
  readonly pending: number;
  /** False until discovery has answered for the first time. */
  readonly ready: boolean;
  /** Epoch ms since when the source of endpoints is sick; 0 = well. */
  readonly staleSince: number;
  readonly endpoints: readonly EndpointStatus[];
}
