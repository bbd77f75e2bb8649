/** One request as the access log tells it. Times in ms, sizes in bytes of body. */
export interface AccessLogEntry {
  readonly direction: 'inbound' | 'outbound';
  /** Epoch ms at which the request began. */
  readonly startTime: number;
  readonly method: string;
  readonly path: string;
  readonly protocol: string;
  /** 0 when no answer came. */
  readonly status: number;
  /** Envoy's flags, comma-separated; `-` for none. */
  readonly flags: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly durationMs: number;
  readonly authority: string;
  readonly requestId: string;
  readonly userAgent: string;
  /** `address:port` of the endpoint that answered; empty when there was none. */
  readonly upstreamHost: string;
  /** `outbound|9080|v1|reviews.default.svc.cluster.local`; `inbound|9080||` on the server side. */
  readonly cluster: string;
  readonly routeName: string;
  /** How often it was sent. */
  readonly attempts: number;
  /** The peer's SPIFFE ID, inbound. */
  readonly principal: string;
  readonly traceId: string;
  /** The rule that decided on a local reply, `mesh/reviews.yaml:31`. */
  readonly policy: string;
  /** Where the answer came from, in Envoy's words; absent: as the flags tell. */
  readonly details?: string;
  /** The upstream's `x-envoy-upstream-service-time`. */
  readonly serviceTime?: string;
  /** `x-forwarded-for` as it came. */
  readonly forwardedFor?: string;
  /** `address:port`, of this end and of the caller's, inbound. */
  readonly localAddress?: string;
  readonly remoteAddress?: string;
}
