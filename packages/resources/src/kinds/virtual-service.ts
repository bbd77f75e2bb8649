import type { Static } from 'typebox';
import {
  count,
  duration,
  exportTo,
  host,
  label,
  limit,
  moot,
  nullable,
  oneOf,
  percentage,
  port,
  presenceMatch,
  regex,
  selector,
  stringMatch,
  texts,
} from '../schema/fields.ts';
import { array, boolean, integer, object, optional, record, schemaOf, string } from '../schema/json-schema.ts';

/** A host, perhaps a subset of it, perhaps a port. */
export const destination = () => object({ host: host(), subset: optional(label()), port: optional(object({ number: port() })) });

const headerOperations = () =>
  object({
    set: optional(record(headerValue(), 'settable-header')),
    add: optional(record(headerValue(), 'addable-header')),
    remove: optional(array(string({ format: 'addable-header' }))),
  });

const headerValue = () => string({ format: 'header-value' });

const headers = () => object({ request: optional(headerOperations()), response: optional(headerOperations()) });

const match = () =>
  object({
    name: optional(string()),
    uri: optional(stringMatch()),
    scheme: optional(stringMatch()),
    method: optional(stringMatch()),
    authority: optional(stringMatch()),
    headers: optional(record(presenceMatch(), 'matchable-header')),
    withoutHeaders: optional(record(presenceMatch(), 'matchable-header')),
    queryParams: optional(record(presenceMatch())),
    port: optional(port()),
    ignoreUriCase: optional(boolean()),
    sourceLabels: optional(selector()),
    sourceNamespace: optional(string()),
    gateways: optional(array(string({ format: 'gateway-name' }))),
    statPrefix: optional(string()),
  });

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
      object({
        fixedDelay: duration(),
        percentage: optional(percentage()),
        /** Istio's older name of `percentage`. */
        percent: optional(integer(0, 100)),
        exponentialDelay: optional(string({ format: 'not-in-istio-either' })),
      }),
    ),
    abort: optional(
      object({
        httpStatus: optional(integer(200, 599)),
        percentage: optional(percentage()),
        grpcStatus: optional(string({ format: 'grpc-status' })),
        http2Error: optional(string({ format: 'not-in-istio-either' })),
      }),
    ),
  });

const redirect = () =>
  object({
    uri: optional(string()),
    prefixRewrite: optional(string()),
    authority: optional(string()),
    port: optional(port()),
    derivePort: optional(oneOf(['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT'])),
    scheme: optional(oneOf(['http', 'https'])),
    redirectCode: optional(schemaOf<number>({ enum: [301, 302, 303, 307, 308] })),
  });

const directResponse = () =>
  object({
    status: integer(200, 599),
    body: optional(
      object(
        { string: optional(string()), bytes: optional(string({ format: 'base64' })) },
        { minProperties: 1, maxProperties: 1 },
      ),
    ),
  });

const rewrite = () =>
  object({
    uri: optional(string({ minLength: 1 })),
    authority: optional(string({ minLength: 1 })),
    uriRegexRewrite: optional(object({ match: regex(), rewrite: string() })),
  });

const corsPolicy = () =>
  object({
    allowOrigins: optional(array(stringMatch())),
    /** Istio's older name of `allowOrigins`, exact ones. */
    allowOrigin: optional(texts()),
    allowMethods: optional(texts()),
    allowHeaders: optional(texts()),
    exposeHeaders: optional(texts()),
    maxAge: optional(duration()),
    allowCredentials: nullable(boolean()),
    unmatchedPreflights: optional(oneOf(['UNSPECIFIED', 'FORWARD', 'IGNORE'])),
  });

const NO_TCP = 'only HTTP requests pass through the library: raw connections of the application go where it opens them';

const connectionMatch = () => ({
  destinationSubnets: optional(array(string({ format: 'ip-or-cidr' }))),
  port: optional(count()),
  sourceLabels: optional(selector()),
  sourceNamespace: optional(string()),
  gateways: optional(array(string({ format: 'gateway-name' }))),
});

const connectionRoute = () => array(object({ destination: destination(), weight: optional(limit()) }));

const tlsRoute = () =>
  object({
    match: array(object({ sniHosts: texts(), ...connectionMatch() })),
    route: optional(connectionRoute()),
  });

const tcpRoute = () =>
  object({
    match: optional(array(object({ sourceSubnet: optional(string()), ...connectionMatch() }))),
    route: optional(connectionRoute()),
  });

const httpRoute = () =>
  object({
    name: optional(string()),
    match: optional(array(match())),
    route: optional(
      array(object({ destination: destination(), weight: optional(limit()), headers: optional(headers()) }), {
        minItems: 1,
      }),
    ),
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
    mirrorPercent: nullable(integer(0, 100)),
    mirror_percent: nullable(integer(0, 100)),
  });

/** What requests to a host are done with. */
export const virtualServiceSchema = object({
  hosts: array(host(), { minItems: 1 }),
  gateways: optional(array(string({ format: 'gateway-name' }))),
  exportTo: optional(exportTo()),
  http: optional(array(httpRoute())),
  tls: moot(array(tlsRoute()), NO_TCP),
  tcp: moot(array(tcpRoute()), NO_TCP),
});

export type VirtualServiceSpec = Static<typeof virtualServiceSchema>;
