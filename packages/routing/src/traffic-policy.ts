import type { ClusterSpec, ConnectionPoolSettings, OutlierDetectionSettings, TlsSettings } from './cluster-spec.ts';
import type { CompileInput } from './compile-input.ts';
import { DEFAULTS, type DefaultsProfile, ISTIO_MERGE_WINDOW_MS, OUTLIER_DETECTION_FIELDS } from './defaults.ts';
import { compileLoadBalancer } from './load-balancer.ts';
import { durationMs } from './retries.ts';
import type { PolicyBlocks, TrafficPolicySpec } from './spec-types.ts';

/**
 * What is in force on one port: the subset's blocks over the rule's, each replaced whole. A port's own settings replace all
 * the blocks they may hold, also those they leave out, and a subset's block beats a port's of the level above.
 */
export function policyFor(
  rule: TrafficPolicySpec | undefined,
  subset: TrafficPolicySpec | undefined,
  port: number,
): PolicyBlocks {
  return overlay(overlay({}, rule, port), subset, port);
}

function overlay(below: PolicyBlocks, policy: TrafficPolicySpec | undefined, port: number): PolicyBlocks {
  if (!policy) return below;
  const { portLevelSettings, ...blocks } = policy;
  const merged: PolicyBlocks = { ...below, ...blocks };
  const own = portLevelSettings?.find((settings) => settings.port?.number === port);
  if (!own) return merged;
  const { loadBalancer, connectionPool, outlierDetection, tls } = own;
  const { retryBudget } = merged;
  return {
    ...(loadBalancer && { loadBalancer }),
    ...(connectionPool && { connectionPool }),
    ...(outlierDetection && { outlierDetection }),
    ...(tls && { tls }),
    ...(retryBudget && { retryBudget }),
  };
}

/** The part of a {@link ClusterSpec} that policy decides. */
export type PolicySettings = Pick<
  ClusterSpec,
  'loadBalancer' | 'hash' | 'warmup' | 'locality' | 'connectionPool' | 'outlierDetection' | 'breaker' | 'retryBudget' | 'tls'
>;

/** What policy is compiled for. */
export type PolicyScope = Pick<CompileInput, 'defaults' | 'self' | 'meshConfig'>;

/** @param absentTls what an absent `tls` block means for this cluster. */
export function compilePolicy(blocks: PolicyBlocks, scope: PolicyScope, absentTls: TlsSettings['mode']): PolicySettings {
  const defaults = DEFAULTS[scope.defaults];
  const { retryBudget } = blocks;
  return {
    ...compileLoadBalancer(blocks, scope),
    connectionPool: connectionPool(blocks, defaults.connectionPool, scope.meshConfig?.connectTimeout),
    outlierDetection: blocks.outlierDetection
      ? outlierDetection(blocks.outlierDetection, scope.defaults)
      : defaults.outlierDetection,
    breaker: blocks.outlierDetection ? undefined : defaults.breaker,
    retryBudget: retryBudget
      ? { kind: 'active-requests', percent: retryBudget.percent ?? 20, minConcurrency: retryBudget.minRetryConcurrency ?? 3 }
      : defaults.retryBudget,
    tls: tls(blocks.tls, absentTls),
  };
}

/** Limits of 0 mean the default, as in Istio. */
function connectionPool(
  { connectionPool: spec, retryBudget }: PolicyBlocks,
  defaults: ConnectionPoolSettings,
  meshTimeout: string | undefined,
): ConnectionPoolSettings {
  const connectTimeoutMs = durationMs(meshTimeout, defaults.connectTimeoutMs);
  if (!spec) return connectTimeoutMs === defaults.connectTimeoutMs ? defaults : { ...defaults, connectTimeoutMs };
  const { tcp, http } = spec;
  return {
    maxConnections: tcp?.maxConnections || defaults.maxConnections,
    connectTimeoutMs: durationMs(tcp?.connectTimeout, connectTimeoutMs),
    maxPendingRequests: http?.http1MaxPendingRequests || defaults.maxPendingRequests,
    maxRequests: http?.http2MaxRequests || defaults.maxRequests,
    maxRequestsPerConnection: http?.maxRequestsPerConnection || defaults.maxRequestsPerConnection,
    // A budget counts instead of it.
    maxRetries: retryBudget ? defaults.maxRetries : http?.maxRetries || defaults.maxRetries,
    idleTimeoutMs: durationMs(http?.idleTimeout, defaults.idleTimeoutMs),
    maxConnectionDurationMs: durationMs(tcp?.maxConnectionDuration, defaults.maxConnectionDurationMs),
  };
}

function outlierDetection(
  spec: NonNullable<PolicyBlocks['outlierDetection']>,
  profile: DefaultsProfile,
): OutlierDetectionSettings {
  const otherwise = OUTLIER_DETECTION_FIELDS;
  return {
    consecutive5xx: spec.consecutive5xxErrors ?? otherwise.consecutive5xx,
    consecutiveGatewayErrors: spec.consecutiveGatewayErrors ?? otherwise.consecutiveGatewayErrors,
    consecutiveLocalOriginFailures: spec.consecutiveLocalOriginFailures ?? otherwise.consecutiveLocalOriginFailures,
    splitExternalLocalOriginErrors: spec.splitExternalLocalOriginErrors ?? otherwise.splitExternalLocalOriginErrors,
    intervalMs: durationMs(spec.interval, otherwise.intervalMs),
    baseEjectionTimeMs: durationMs(spec.baseEjectionTime, otherwise.baseEjectionTimeMs),
    maxEjectionPercent: spec.maxEjectionPercent ?? otherwise.maxEjectionPercent,
    minHealthPercent: spec.minHealthPercent ?? otherwise.minHealthPercent,
    mergeWindowMs: profile === 'istio' ? ISTIO_MERGE_WINDOW_MS : otherwise.mergeWindowMs,
  };
}

function tls(spec: PolicyBlocks['tls'], absent: TlsSettings['mode']): TlsSettings {
  return {
    mode: spec ? (spec.mode ?? 'DISABLE') : absent,
    sni: spec?.sni || undefined,
    subjectAltNames: spec?.subjectAltNames ?? [],
    caCertificates: spec?.caCertificates || undefined,
    clientCertificate: spec?.clientCertificate || undefined,
    privateKey: spec?.privateKey || undefined,
    insecureSkipVerify: spec?.insecureSkipVerify ?? false,
  };
}
