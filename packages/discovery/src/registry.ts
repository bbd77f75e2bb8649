import type { EndpointSet, RuleOrigin, Watched } from '@lateen/core';

export type PortProtocol = 'HTTP' | 'HTTP2' | 'GRPC' | 'HTTPS' | 'TLS' | 'TCP';

export interface ServicePort {
  /** The logical port people write in URLs: 9080. */
  readonly number: number;
  readonly name: string;
  readonly protocol: PortProtocol;
}

/** A host that the mesh knows, without its endpoints: changes rarely, routes are compiled from it. */
export interface ServiceDescription {
  /** Lower case, fully qualified: `reviews.default.svc.cluster.local`, or a ServiceEntry's host. */
  readonly host: string;
  /** Short name for metrics: `reviews`. */
  readonly name: string;
  readonly namespace: string;
  readonly ports: readonly ServicePort[];
  readonly location: 'mesh' | 'external';
  /** Where endpoints come from. `none`: connect to the request's own host. */
  readonly resolution: 'registry' | 'static' | 'dns' | 'none';
  /** SPIFFE IDs that may serve this host; empty means nobody said, and then any workload of the own trust domain is refused under mTLS. */
  readonly identities: readonly string[];
  readonly origin: RuleOrigin | undefined;
}

/** One process that serves one service on one port. */
export interface InstanceDescription {
  /** Unique among live ones: `reviews-v2-3f9a01`. */
  readonly instance: string;
  readonly service: string;
  readonly namespace: string;
  /** `app`, `version` and further labels. */
  readonly labels: Readonly<Record<string, string>>;
  readonly workload: string;
  readonly serviceAccount: string;
  /** What peers dial. */
  readonly address: string;
  readonly port: number;
  /** The logical port: 9080. */
  readonly servicePort: number;
  /** Istio's port name; `http` unless said. */
  readonly portName: string;
  readonly tls: 'mutual' | 'none';
  readonly protocols: readonly string[];
  readonly weight: number;
  readonly locality: string;
  /** `host:port` of the admin endpoint, empty when off: Prometheus scrapes it. */
  readonly admin: string;
}

/** An instance in the registry. It renews its own lease until deregistered; the lease alone ends it if the process dies. */
export interface Registration {
  /**
   * Takes the instance out. Resolves when watchers have acknowledged that they saw it, or after `ackTimeoutMs` (default 1000).
   * Never rejects: with the registry gone the lease runs out by itself.
   */
  deregister(options?: { readonly ackTimeoutMs?: number }): Promise<void>;
}

/**
 * A source of services and endpoints. Implementations: lateend (`@lateen/control`), ServiceEntry, DNS, Consul.
 * A sick source keeps its last good sets (`EndpointSet.staleSince`), and removals wait until it is well.
 */
export interface Registry {
  /** `lateend`, `consul`, `static`, `dns`: for logs and `explain`. */
  readonly name: string;
  readonly services: Watched<readonly ServiceDescription[]>;
  /** True once the source has answered for the first time. */
  readonly ready: Watched<boolean>;
  /** Epoch ms since when the source is sick; 0 when well. */
  readonly staleSince: Watched<number>;
  /** The endpoints of one host and logical port, watched from the first call on. The same arguments give the same object. */
  endpoints(host: string, port: number): Watched<EndpointSet>;
  /** Absent where the source is read-only. Rejects with `LATEEN_REGISTER_REFUSED` when the identity does not grant the service. */
  register?(instance: InstanceDescription): Promise<Registration>;
  close(): Promise<void>;
}
