import type { Clock, PathNormalization } from '@lateen/core';
import type { AccessLog, MeshTracing } from '@lateen/telemetry';

/** What all ports of a gateway treat outside requests by. */
export interface EdgeSettings {
  readonly clock: Clock;
  readonly tracing: MeshTracing;
  readonly accessLog: AccessLog;
  /** With `istio` the address of the caller goes in as `x-envoy-external-address` too. */
  readonly defaults: 'lateen' | 'istio';
  readonly pathNormalization: PathNormalization;
  /** How many proxies before the gateway write `x-forwarded-for` and `x-forwarded-proto` truthfully. */
  readonly trustedProxies: number;
}
