import type { Static } from 'typebox';
import {
  count,
  duration,
  exportTo,
  host,
  label,
  limit,
  nonEmpty,
  oneOf,
  percentValue,
  port,
  refused,
  selector,
} from '../schema/fields.ts';
import { array, boolean, integer, object, optional, string } from '../schema/json-schema.ts';
const LATER = 'is not available yet';

const loadBalancer = () =>
  object({
    simple: optional(oneOf(['UNSPECIFIED', 'LEAST_REQUEST', 'LEAST_CONN', 'RANDOM', 'ROUND_ROBIN', 'PASSTHROUGH'])),
    consistentHash: refused(`write simple: LEAST_REQUEST; consistent hashing ${LATER}`),
    localityLbSetting: refused(`leave it out; locality ${LATER}`),
    zoneAwareLbSetting: refused(`leave it out; zone awareness ${LATER}`),
    warmup: refused(`leave it out; warm-up ${LATER}`),
    warmupDurationSecs: refused(`leave it out; warm-up ${LATER}`),
  });

const connectionPool = () =>
  nonEmpty({
    tcp: optional(
      object({
        maxConnections: optional(limit()),
        connectTimeout: optional(duration()),
        tcpKeepalive: refused('leave it out; connections are checked by their use'),
        maxConnectionDuration: refused('leave it out; connections are renewed with the certificates'),
        idleTimeout: refused('write connectionPool.http.idleTimeout'),
      }),
    ),
    http: optional(
      object({
        http1MaxPendingRequests: optional(limit()),
        http2MaxRequests: optional(limit()),
        maxRequestsPerConnection: optional(limit()),
        maxRetries: optional(limit()),
        idleTimeout: optional(duration()),
        h2UpgradePolicy: refused(`leave it out; HTTP/2 ${LATER}`),
        useClientProtocol: refused(`leave it out; HTTP/2 ${LATER}`),
        maxConcurrentStreams: refused(`leave it out; HTTP/2 ${LATER}`),
        http2KeepAlive: refused(`leave it out; HTTP/2 ${LATER}`),
      }),
    ),
  });

const outlierDetection = () =>
  object({
    consecutive5xxErrors: optional(count()),
    consecutiveGatewayErrors: optional(count()),
    consecutiveLocalOriginFailures: optional(count()),
    splitExternalLocalOriginErrors: optional(boolean()),
    interval: optional(duration()),
    baseEjectionTime: optional(duration()),
    maxEjectionPercent: optional(integer(0, 100)),
    minHealthPercent: optional(integer(0, 100)),
    consecutiveErrors: refused('write consecutive5xxErrors; consecutiveErrors is deprecated'),
    outlierDetectionHttpErrorCodes: refused('leave it out; Istio itself does nothing with it'),
  });

const tls = () =>
  object({
    mode: optional(oneOf(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'])),
    clientCertificate: optional(string()),
    privateKey: optional(string()),
    caCertificates: optional(string()),
    subjectAltNames: optional(array(string())),
    sni: optional(string()),
    insecureSkipVerify: optional(boolean()),
    credentialName: refused('write clientCertificate, privateKey and caCertificates as files'),
    caCrl: refused('leave it out; revocation lists are not available yet'),
  });

const policyFields = () => ({
  loadBalancer: optional(loadBalancer()),
  connectionPool: optional(connectionPool()),
  outlierDetection: optional(outlierDetection()),
  tls: optional(tls()),
});

const trafficPolicy = () =>
  nonEmpty({
    ...policyFields(),
    portLevelSettings: optional(array(object({ port: object({ number: port() }), ...policyFields() }))),
    retryBudget: optional(object({ percent: optional(percentValue()), minRetryConcurrency: optional(count()) })),
    tunnel: refused('leave it out; tunnels are not available yet'),
    proxyProtocol: refused('leave it out; the PROXY protocol is not available yet'),
  });

/** How a host is spoken to, and its subsets. */
export const destinationRuleSchema = object({
  host: host(),
  exportTo: optional(exportTo()),
  trafficPolicy: optional(trafficPolicy()),
  subsets: optional(array(object({ name: label(), labels: optional(selector()), trafficPolicy: optional(trafficPolicy()) }))),
  workloadSelector: optional(object({ matchLabels: optional(selector()) })),
});

export type DestinationRuleSpec = Static<typeof destinationRuleSchema>;
