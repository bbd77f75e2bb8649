import type { Clock, EventSink, Logger, Random, Watched } from '@lateen/core';
import type { Registry } from '@lateen/discovery';
import type { IdentitySource } from '@lateen/identity';
import type { Revision } from '@lateen/resources';
import type { DefaultsProfile, MeshConfig } from '@lateen/routing';
import type { AccessLog, MeshMetrics, MeshTracing } from '@lateen/telemetry';
import type { TransportFactory } from './transport/create-transport.ts';

/** Who calls: the source half of metrics, and what rules select by. */
export interface ClientSelf {
  readonly service: string;
  readonly namespace: string;
  /** `app` and `version` included. */
  readonly labels: Readonly<Record<string, string>>;
  readonly workload: string;
  readonly serviceAccount: string;
  readonly instance: string;
  readonly version: string;
  /** `region/zone/subzone`; empty or absent when unknown. */
  readonly locality?: string;
}

export interface ClientOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly events: EventSink;
  readonly revision: Watched<Revision>;
  /** All sources of services and endpoints, merged. */
  readonly registry: Registry;
  /** Undefined: the process speaks plaintext, and endpoints that want mTLS cannot be called. */
  readonly identity: IdentitySource | undefined;
  readonly metrics: MeshMetrics;
  readonly tracing: MeshTracing;
  readonly accessLog: AccessLog;
  readonly self: ClientSelf;
  readonly defaults: DefaultsProfile;
  readonly errors: 'natural' | 'respond';
  readonly protocol: 'auto' | 'http1' | 'http2';
  readonly outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  readonly meshConfig?: MeshConfig;
  /** Default `['mesh']`; a gateway names the Gateways it serves. */
  readonly gateways?: readonly string[];
  /** With Gateways: the server port the routes are for. */
  readonly gatewayPort?: number;
  /** With Gateways: the one server that the routes are for, `istio-system/edge#1`. Default: all on the port. */
  readonly gatewayServer?: string;
  /** Never mTLS, whatever the endpoint speaks. Default false. */
  readonly plaintext?: boolean;
  /** How endpoints are spoken to; for test kits and benchmarks. Default: HTTP/1.1 over TCP or TLS. */
  readonly createTransport?: TransportFactory;
}
