import { RETRY_ON } from '@lateen/resilience';
import { type ClusterSpec, DEFAULTS, type DefaultsProfile, PASSTHROUGH_CLUSTER, type Route } from '@lateen/routing';

/** The cluster of hosts nobody configured: dialled as the request says, with no policy of ours. */
export function passthroughSpec(scheme: 'http' | 'https'): ClusterSpec {
  const { connectionPool } = DEFAULTS.lateen;
  return {
    name: PASSTHROUGH_CLUSTER,
    host: 'unknown',
    serviceName: PASSTHROUGH_CLUSTER,
    serviceNamespace: 'unknown',
    port: 0,
    subset: '',
    subsetLabels: {},
    location: 'external',
    resolution: 'none',
    identities: [],
    loadBalancer: 'PASSTHROUGH',
    hash: undefined,
    warmup: undefined,
    locality: undefined,
    connectionPool,
    outlierDetection: undefined,
    breaker: undefined,
    retryBudget: { kind: 'none' },
    tls: {
      mode: scheme === 'https' ? 'SIMPLE' : 'DISABLE',
      sni: undefined,
      subjectAltNames: [],
      caCertificates: undefined,
      clientCertificate: undefined,
      privateKey: undefined,
      insecureSkipVerify: false,
    },
    origin: undefined,
    fingerprint: `passthrough-${scheme}`,
  };
}

/** Hosts nobody configured are sent to untouched; all we add is one fresh try when an idle connection turns out to be closed. */
export function passthroughRoute(defaults: DefaultsProfile): Route {
  return {
    name: '',
    origin: undefined,
    ruleIndex: -1,
    host: 'unknown',
    action: {
      kind: 'forward',
      destinations: [{ cluster: PASSTHROUGH_CLUSTER, weight: 1, requestHeaders: undefined, responseHeaders: undefined }],
      totalWeight: 1,
    },
    operation: '',
    rewrite: undefined,
    timeoutMs: 0,
    retry: {
      maxRetries: defaults === 'lateen' ? 1 : 0,
      perTryTimeoutMs: 0,
      conditions: defaults === 'lateen' ? RETRY_ON['reset-on-reused-connection'] : 0,
      statusCodes: new Set(),
      avoidsPreviousHosts: false,
      leavesPriorities: false,
    },
    backoff: DEFAULTS[defaults].backoff,
    fault: undefined,
    unknownClusterStatus: 503,
    cors: undefined,
    mirrors: [],
    requestHeaders: undefined,
    responseHeaders: undefined,
  };
}
