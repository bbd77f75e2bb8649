import { type Static, Type } from 'typebox';
import { count, duration, host, label, object, oneOf, percentValue, port, refused, stringMap } from '../schema/fields.ts';

const optional = Type.Optional;
const LATER = 'is not available yet';

const loadBalancer = () =>
  object({
    simple: optional(oneOf('UNSPECIFIED', 'LEAST_REQUEST', 'LEAST_CONN', 'RANDOM', 'ROUND_ROBIN', 'PASSTHROUGH')),
    consistentHash: refused(`write simple: LEAST_REQUEST; consistent hashing ${LATER}`),
    localityLbSetting: refused(`leave it out; locality ${LATER}`),
    zoneAwareLbSetting: refused(`leave it out; zone awareness ${LATER}`),
    warmup: refused(`leave it out; warm-up ${LATER}`),
    warmupDurationSecs: refused(`leave it out; warm-up ${LATER}`),
  });

const connectionPool = () =>
  object({
    tcp: optional(
      object({
        maxConnections: optional(count()),
        connectTimeout: optional(duration()),
        tcpKeepalive: refused('leave it out; connections are checked by their use'),
        maxConnectionDuration: refused('leave it out; connections are renewed with the certificates'),
        idleTimeout: refused('write connectionPool.http.idleTimeout'),
      }),
    ),
    http: optional(
      object({
        http1MaxPendingRequests: optional(count()),
        http2MaxRequests: optional(count()),
        maxRequestsPerConnection: optional(count()),
        maxRetries: optional(count()),
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
    splitExternalLocalOriginErrors: optional(Type.Boolean()),
    interval: optional(duration()),
    baseEjectionTime: optional(duration()),
    maxEjectionPercent: optional(Type.Integer({ minimum: 0, maximum: 100 })),
    minHealthPercent: optional(Type.Integer({ minimum: 0, maximum: 100 })),
    consecutiveErrors: refused('write consecutive5xxErrors; consecutiveErrors is deprecated'),
    outlierDetectionHttpErrorCodes: refused('leave it out; Istio itself does nothing with it'),
  });

const tls = () =>
  object({
    mode: optional(oneOf('DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL')),
    clientCertificate: optional(Type.String()),
    privateKey: optional(Type.String()),
    caCertificates: optional(Type.String()),
    subjectAltNames: optional(Type.Array(Type.String())),
    sni: optional(Type.String()),
    insecureSkipVerify: optional(Type.Boolean()),
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
  object({
    ...policyFields(),
    portLevelSettings: optional(Type.Array(object({ port: object({ number: port() }), ...policyFields() }))),
    retryBudget: optional(object({ percent: optional(percentValue()), minRetryConcurrency: optional(count()) })),
    tunnel: refused('leave it out; tunnels are not available yet'),
    proxyProtocol: refused('leave it out; the PROXY protocol is not available yet'),
  });

/** How a host is spoken to, and its subsets. */
export const destinationRuleSchema = object({
  host: host(),
  exportTo: optional(Type.Array(Type.String())),
  trafficPolicy: optional(trafficPolicy()),
  subsets: optional(
    Type.Array(object({ name: label(), labels: optional(stringMap()), trafficPolicy: optional(trafficPolicy()) })),
  ),
  workloadSelector: optional(object({ matchLabels: optional(stringMap()) })),
});

export type DestinationRuleSpec = Static<typeof destinationRuleSchema>;
