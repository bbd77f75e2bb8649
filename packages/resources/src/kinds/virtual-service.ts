import type { Static } from 'typebox';
import {
  absenceMatch,
  count,
  destinationHost,
  duration,
  exportTo,
  labels,
  limit,
  moot,
  nonEmptyText,
  nullable,
  oneOf,
  oneOfTexts,
  pathMatch,
  percentage,
  port,
  refused,
  regex,
  stringMatch,
  texts,
} from '../schema/fields.ts';
import { array, boolean, integer, object, optional, record, string } from '../schema/json-schema.ts';

/** A host, perhaps a subset of it, perhaps a port. */
export const destination = () =>
  object({
    host: destinationHost(),
    subset: optional(string({ format: 'label-or-empty' })),
    port: optional(object({ number: port() })),
  });

/** @param names the format of the headers that may be written */
const headerOperations = (names: string) =>
  object({
    set: optional(record(headerValue(), names)),
    add: optional(record(headerValue(), names)),
    remove: optional(array(string({ format: 'own-header' }))),
  });

const headerValue = () => string({ format: 'header-value' });

const headers = () =>
  object({ request: optional(headerOperations('settable-header')), response: optional(headerOperations('own-header')) });

const match = () =>
  object({
    name: optional(string()),
    uri: optional(pathMatch()),
    scheme: optional(stringMatch()),
    method: optional(stringMatch()),
    authority: optional(stringMatch()),
    headers: optional(record(stringMatch(), 'matchable-header')),
    withoutHeaders: optional(record(absenceMatch(), 'matchable-header')),
    queryParams: optional(record(stringMatch())),
    port: optional(listenerPort()),
    ignoreUriCase: optional(boolean()),
    sourceLabels: optional(labels()),
    sourceNamespace: optional(string({ format: 'label-or-empty' })),
    gateways: optional(texts()),
    statPrefix: moot(string(), 'series are told apart by workload and service, as those of Istio are'),
  });

/** 0 is any. */
const listenerPort = () => integer(0, 65_535, 'uint32');

const retries = () =>
  object({
    attempts: optional(limit()),
    perTryTimeout: optional(duration()),
    retryOn: optional(string({ format: 'retry-on' })),
    backoff: optional(duration()),
    retryIgnorePreviousHosts: nullable(boolean()),
    retryRemoteLocalities: nullable(boolean()),
  });

const fault = () =>
  object({
    delay: optional(
      object(
        {
          fixedDelay: optional(duration()),
          percentage: optional(percentage()),
          /** Istio's older name of `percentage`. */
          percent: optional(integer(-2_147_483_648, 2_147_483_647, 'int32')),
          exponentialDelay: refused(
            string({ format: 'not-in-istio-either' }),
            'Istio does not implement it either',
            'write fixedDelay',
          ),
        },
        { exclusive: [['fixedDelay', 'exponentialDelay']] },
      ),
    ),
    abort: optional(
      object(
        {
          httpStatus: optional(integer(200, 600, 'int32')),
          percentage: optional(percentage()),
          grpcStatus: optional(string({ format: 'grpc-status' })),
          http2Error: refused(
            string({ format: 'not-in-istio-either' }),
            'Istio does not implement it either',
            'write httpStatus',
          ),
        },
        { exclusive: [['httpStatus', 'grpcStatus', 'http2Error']] },
      ),
    ),
  });

const redirect = () =>
  object(
    {
      uri: optional(string()),
      prefixRewrite: optional(string()),
      authority: optional(string()),
      port: optional(listenerPort()),
      derivePort: optional(oneOf(['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT'])),
      scheme: optional(oneOfTexts(['', 'http', 'https'])),
      redirectCode: optional(count()),
    },
    { exclusive: [['port', 'derivePort']] },
  );

const directResponse = () =>
  object({
    status: integer(200, 600, 'uint32'),
    body: optional(object({ string: optional(string()), bytes: optional(string({ format: 'base64' })) }, { maxProperties: 1 })),
  });

const rewrite = () =>
  object({
    uri: optional(string()),
    authority: optional(string()),
    uriRegexRewrite: optional(object({ match: regex(), rewrite: nonEmptyText() })),
  });

const corsPolicy = () =>
  object({
    allowOrigins: optional(array(originMatch())),
    /** Istio's older name of `allowOrigins`, exact ones. */
    allowOrigin: optional(texts()),
    allowMethods: optional(array(string({ format: 'cors-method' }))),
    allowHeaders: optional(array(string({ format: 'cors-header' }))),
    exposeHeaders: optional(array(string({ format: 'cors-header' }))),
    maxAge: optional(duration()),
    allowCredentials: nullable(boolean()),
    unmatchedPreflights: optional(oneOf(['UNSPECIFIED', 'FORWARD', 'IGNORE'])),
  });

/** An origin is something. */
const originMatch = () =>
  object(
    { exact: optional(nonEmptyText()), prefix: optional(nonEmptyText()), regex: optional(regex()) },
    { minProperties: 1, maxProperties: 1 },
  );

const NO_TCP = 'only HTTP requests pass through the library: raw connections of the application go where it opens them';

const connectionMatch = () => ({
  destinationSubnets: optional(array(string({ format: 'ip-or-cidr' }))),
  port: optional(listenerPort()),
  sourceLabels: optional(labels()),
  sourceNamespace: optional(string()),
  gateways: optional(texts()),
});

const connectionDestination = () => object({ destination: destination(), weight: optional(limit()) });

const tlsRoute = () =>
  object({
    match: array(object({ sniHosts: array(string(), { minItems: 1 }), ...connectionMatch() }), { minItems: 1 }),
    route: array(connectionDestination(), { minItems: 1 }),
  });

const tcpRoute = () =>
  object({
    match: optional(array(object({ sourceSubnet: optional(string()), ...connectionMatch() }))),
    route: array(connectionDestination(), { minItems: 1 }),
  });

const httpRoute = () =>
  object({
    name: optional(string()),
    match: optional(array(match())),
    route: optional(array(object({ destination: destination(), weight: optional(limit()), headers: optional(headers()) }))),
    redirect: optional(redirect()),
    directResponse: optional(directResponse()),
    rewrite: optional(rewrite()),
    timeout: optional(duration()),
    retries: optional(retries()),
    fault: optional(fault()),
    mirror: optional(destination()),
    mirrorPercentage: optional(percentage()),
    mirrors: optional(array(object({ destination: destination(), percentage: optional(percentage()) }))),
    headers: optional(headers()),
    corsPolicy: optional(corsPolicy()),
    delegate: optional(object({ name: optional(string()), namespace: optional(string()) })),
    /** Istio's older name of `mirrorPercentage`. */
    mirrorPercent: nullable(integer(0, 100, 'uint32')),
    mirror_percent: nullable(integer(0, 100, 'uint32')),
  });

/** What requests to a host are done with. */
export const virtualServiceSchema = object({
  /** None: a delegate, which other VirtualServices hand requests to. */
  hosts: optional(array(string({ format: 'istio-host' }))),
  gateways: optional(texts()),
  exportTo: optional(exportTo()),
  http: optional(array(httpRoute())),
  tls: moot(array(tlsRoute()), NO_TCP),
  tcp: moot(array(tcpRoute()), NO_TCP),
});

export type VirtualServiceSpec = Static<typeof virtualServiceSchema>;
