import type { Clock, PathNormalization, TimerWheel } from '@lateen/core';
import type { AccessLog, MeshTracing, RouteMetrics } from '@lateen/telemetry';
import type { InboundRequest } from './inbound-request.ts';

/** What every request of a process is served with. */
export interface RequestServices {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly tracing: MeshTracing;
  readonly accessLog: AccessLog;
  readonly routes: RouteMetrics;
  readonly defaults: 'lateen' | 'istio';
  /** Null: requests are as node reads them, paths as they came. */
  readonly pathNormalization: PathNormalization | null;
  /** Own FQDN: span names are made of it and the route, never of the path. */
  readonly host: string;
  readonly inFlight: Set<InboundRequest>;
  isDraining(): boolean;
}
