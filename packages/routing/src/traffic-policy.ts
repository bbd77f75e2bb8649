import type {
  ClusterSpec,
  ConnectionPoolSettings,
  LoadBalancerPolicy,
  OutlierDetectionSettings,
  TlsSettings,
} from './cluster-spec.ts';
import { DEFAULTS, OUTLIER_DETECTION_FIELDS, type DefaultsProfile } from './defaults.ts';
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
  'loadBalancer' | 'connectionPool' | 'outlierDetection' | 'breaker' | 'retryBudget' | 'tls'
>;

/** @param absentTls what an absent `tls` block means for this cluster. */
export function compilePolicy(blocks: PolicyBlocks, profile: DefaultsProfile, absentTls: TlsSettings['mode']): PolicySettings {
  const defaults = DEFAULTS[profile];
  const { retryBudget } = blocks;
  return {
    loadBalancer: loadBalancer(blocks.loadBalancer, profile),
    connectionPool: connectionPool(blocks.connectionPool, defaults.connectionPool),
    outlierDetection: blocks.outlierDetection ? outlierDetection(blocks.outlierDetection) : defaults.outlierDetection,
    breaker: blocks.outlierDetection ? undefined : defaults.breaker,
    retryBudget: retryBudget
      ? { kind: 'active-requests', percent: retryBudget.percent ?? 20, minConcurrency: retryBudget.minRetryConcurrency ?? 3 }
      : defaults.retryBudget,
    tls: tls(blocks.tls, absentTls),
  };
}

function loadBalancer(spec: PolicyBlocks['loadBalancer'], profile: DefaultsProfile): LoadBalancerPolicy {
  switch (spec?.simple) {
    case undefined:
      return spec ? 'LEAST_REQUEST' : DEFAULTS[profile].loadBalancer;
    case 'ROUND_ROBIN':
    case 'RANDOM':
    case 'PASSTHROUGH':
      return spec.simple;
    // UNSPECIFIED, and LEAST_CONN, its older name.
    default:
      return 'LEAST_REQUEST';
  }
}

/** Limits of 0 mean the default, as in Istio. */
function connectionPool(spec: PolicyBlocks['connectionPool'], defaults: ConnectionPoolSettings): ConnectionPoolSettings {
  if (!spec) return defaults;
  const { tcp, http } = spec;
  return {
    maxConnections: tcp?.maxConnections || defaults.maxConnections,
    connectTimeoutMs: durationMs(tcp?.connectTimeout, defaults.connectTimeoutMs),
    maxPendingRequests: http?.http1MaxPendingRequests || defaults.maxPendingRequests,
    maxRequests: http?.http2MaxRequests || defaults.maxRequests,
    maxRequestsPerConnection: http?.maxRequestsPerConnection || defaults.maxRequestsPerConnection,
    maxRetries: http?.maxRetries || defaults.maxRetries,
    idleTimeoutMs: durationMs(http?.idleTimeout, defaults.idleTimeoutMs),
  };
}

function outlierDetection(spec: NonNullable<PolicyBlocks['outlierDetection']>): OutlierDetectionSettings {
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
