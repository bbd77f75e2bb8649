import type { Logger, TimerWheel } from '@lateen/core';
import type { DefaultsProfile, Route } from '@lateen/routing';
import type { AccessLog, MeshTracing } from '@lateen/telemetry';
import type { CallList } from './call/call-list.ts';
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
  readonly plans: PlanSource;
  /** For hosts that nobody configured. */
  readonly passthroughRoute: Route;
  passthrough(scheme: 'http' | 'https'): Cluster;
  readonly calls: CallList;
  readonly mirrors: Mirrors;
}
