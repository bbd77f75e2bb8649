import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock, EventSink, Logger, PathNormalization, Watched } from '@lateen/core';
import type { IdentitySource } from '@lateen/identity';
import type { AccessLog, MeshMetrics, MeshTracing, WorkloadIdentityLabels } from '@lateen/telemetry';
import type { InboundRules } from './admission/inbound-rules.ts';
import type { InboundMesh } from './inbound-mesh.ts';

export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** A server of the application that began to listen. */
export interface InboundListener {
  readonly bound: AddressInfo;
  /** The logical port: what callers write in URLs. */
  readonly servicePort: number;
  readonly portName: string;
  readonly server: Server;
}

/** Who serves: the destination half of metrics. */
export interface InboundSelf extends WorkloadIdentityLabels {
  /** `reviews` */
  readonly service: string;
  /** `reviews.default.svc.cluster.local` */
  readonly host: string;
}

export interface InboundLimits {
  /** From accept to the first byte, and from there to the end of the handshake. Default 3000. */
  readonly handshakeTimeoutMs: number;
  /** Default 10 000. */
  readonly headersTimeoutMs: number;
  /** An idle connection is kept for longer than any client keeps it, so that the client is the one to close. Default 65 000. */
  readonly keepAliveTimeoutMs: number;
  /** Request line and header lines; more is answered 431. Default 60 KiB, Envoy's. */
  readonly maxHeaderBytes: number;
  /** Per server; more are closed. Default: no limit. */
  readonly maxConnections: number;
}

export interface InboundOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly events: EventSink;
  /** Undefined: no TLS, whatever the mode. */
  readonly identity: IdentitySource | undefined;
  readonly mode: Watched<MtlsMode>;
  readonly self: InboundSelf;
  readonly metrics: MeshMetrics;
  readonly tracing: MeshTracing;
  readonly accessLog: AccessLog;
  /** With `istio` a caller's deadline is not taken over, and requests, headers and answers are as behind its server side. */
  readonly defaults: 'lateen' | 'istio';
  /** Default: paths reach the application as they came, or with `istio` as `BASE` leaves them. */
  readonly pathNormalization?: PathNormalization | undefined;
  /** What a Sidecar limits. Default: nothing. */
  readonly rules?: Watched<InboundRules>;
  readonly limits?: Partial<InboundLimits>;
  onListening(listener: InboundListener): void;
}

/** The inbound half of a mesh; made by `createInbound`. */
export interface Inbound extends InboundMesh {
  readonly draining: boolean;
  /**
   * Asks every connection to close with its next answer, stops accepting, and resolves when all have; at the timeout what is left is cut.
   * Deregister first: until peers know, they go on coming.
   */
  drain(options: { readonly timeoutMs: number }): Promise<void>;
  /** Cuts everything now. */
  close(): void;
}
