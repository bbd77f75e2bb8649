import type { Static } from 'typebox';
import {
  count,
  duration,
  exportTo,
  label,
  labels,
  matchLabels,
  moot,
  nonEmpty,
  nullable,
  oneOf,
  percentValue,
  port,
  refused,
} from '../schema/fields.ts';
import { array, boolean, integer, object, optional, string } from '../schema/json-schema.ts';
import { connectionPool } from './connection-pool.ts';
import { loadBalancer } from './load-balancer.ts';

const outlierDetection = () =>
  object({
    consecutive5xxErrors: nullable(count()),
    consecutiveGatewayErrors: nullable(count()),
    consecutiveLocalOriginFailures: nullable(count()),
    splitExternalLocalOriginErrors: optional(boolean()),
    interval: optional(duration()),
    baseEjectionTime: optional(duration()),
    maxEjectionPercent: optional(integer(0, 100, 'int32')),
    minHealthPercent: optional(integer(0, 100, 'int32')),
    consecutiveErrors: moot(integer(-2_147_483_648, 2_147_483_647, 'int32'), 'Istio removed it; consecutive5xxErrors counts'),
    outlierDetectionHttpErrorCodes: moot(array(integer(100, 599, 'uint32')), 'Istio itself does nothing with it'),
  });

const tls = () =>
  object({
    mode: optional(oneOf(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'])),
    clientCertificate: optional(string()),
    privateKey: optional(string()),
    caCertificates: optional(string()),
    subjectAltNames: optional(array(string())),
    sni: optional(string()),
    insecureSkipVerify: nullable(boolean()),
    credentialName: refused(
      string(),
      'it names a Secret of Kubernetes, which a process cannot read',
      'write clientCertificate, privateKey and caCertificates as files',
    ),
    caCrl: refused(
      string(),
      'the runtime reads revocation lists only when it starts a TLS context, and the mesh renews contexts by itself',
      'remove the revoked authority from caCertificates',
    ),
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
    portLevelSettings: optional(array(object({ port: object({ number: port() }), ...policyFields() }), { maxItems: 4_096 })),
    retryBudget: optional(
      object({
        percent: nullable(percentValue()),
        minRetryConcurrency: optional(count()),
        budgetInterval: moot(string({ format: 'any-duration' }), 'the budget counts requests in flight, not in an interval'),
      }),
    ),
    tunnel: refused(
      object({ protocol: optional(string()), targetHost: optional(string()), targetPort: optional(count()) }),
      'it wraps raw TCP, which does not pass through the library',
      'name the proxy as the destination, or set HTTPS_PROXY for the calls that need one',
    ),
    proxyProtocol: refused(
      object({ version: optional(oneOf(['V1', 'V2'])) }),
      'the transport speaks HTTP from its first byte',
      'tell the client by X-Forwarded-For',
    ),
  });

/** How a host is spoken to, and its subsets. */
export const destinationRuleSchema = object({
  host: string({ format: 'rule-host' }),
  exportTo: optional(exportTo()),
  trafficPolicy: optional(trafficPolicy()),
  subsets: optional(array(object({ name: label(), labels: optional(labels()), trafficPolicy: optional(trafficPolicy()) }))),
  workloadSelector: optional(matchLabels()),
});

export type DestinationRuleSpec = Static<typeof destinationRuleSchema>;
