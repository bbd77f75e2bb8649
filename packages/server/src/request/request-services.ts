import type { Clock, TimerWheel } from '@lateen/core';
import type { AccessLog, MeshTracing } from '@lateen/telemetry';
import type { InboundRequest } from './inbound-request.ts';

/** What every request of a process is served with. */
export interface RequestServices {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly tracing: MeshTracing;
  readonly accessLog: AccessLog;
  readonly defaults: 'lateen' | 'istio';
  /** Low cardinality: the service, not the path. */
  readonly spanName: string;
  readonly inFlight: Set<InboundRequest>;
  isDraining(): boolean;
}
