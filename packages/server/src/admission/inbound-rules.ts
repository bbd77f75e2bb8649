/** How much a port takes at a time; Infinity = no limit. */
export interface InboundPool {
  /** Requests being served: more are refused. */
  readonly maxRequests: number;
  /** Requests being served at once, as one connection to the application would serve one: more wait. */
  readonly maxConnections: number;
  /** Requests that wait: more are refused. */
  readonly maxPendingRequests: number;
}

/** What a Sidecar says of requests that come in. Made anew when it changes. */
export interface InboundRules {
  /** Undefined where nothing is limited. */
  poolOf(servicePort: number): InboundPool | undefined;
  /** Istio's name for what a port serves, `reviews.default.svc.cluster.local:9080/*`. */
  operationOf(servicePort: number): string;
}
