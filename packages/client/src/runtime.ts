import type { Logger, PathNormalization, TimerWheel } from '@lateen/core';
import type { DefaultsProfile, Route } from '@lateen/routing';
import type { AccessLog, MeshTracing } from '@lateen/telemetry';
import type { CallList } from './call/call-list.ts';
import type { SidecarHeaders } from './call/sidecar-headers.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { ClusterContext } from './cluster/cluster-context.ts';
import type { Mirrors } from './mirror/mirrors.ts';
import type { PlanSource } from './plan/plan-source.ts';

/** What every call of one client shares. */
export interface ClientRuntime extends ClusterContext {
  readonly logger: Logger;
  readonly wheel: TimerWheel;
  readonly tracing: MeshTracing;
  readonly accessLog: AccessLog;
  readonly defaults: DefaultsProfile;
  readonly errors: 'natural' | 'respond';
  /** Null: paths go as they are written. */
  readonly pathNormalization: PathNormalization | null;
  /** Under Istio's defaults: what a sidecar would add to requests and answers. */
  readonly sidecar: SidecarHeaders | undefined;
  readonly plans: PlanSource;
  /** For hosts that nobody configured. */
  readonly passthroughRoute: Route;
  passthrough(scheme: 'http' | 'https'): Cluster;
  readonly calls: CallList;
  readonly mirrors: Mirrors;
  /** Whether copies say `-shadow` in their host. */
  readonly shadowHostSuffix: boolean;
}
