import type { Static } from 'typebox';
import {
  duration,
  exportTo,
  host,
  label,
  limit,
  oneOf,
  percentage,
  port,
  presenceMatch,
  refused,
  regex,
  selector,
  stringMatch,
} from '../schema/fields.ts';
import { array, boolean, integer, object, optional, record, schemaOf, string } from '../schema/json-schema.ts';

const destination = () => object({ host: host(), subset: optional(label()), port: optional(object({ number: port() })) });

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
    statPrefix: refused('leave it out; series are told apart by route and cluster'),
  });

const retries = () =>
  object({
    attempts: optional(limit()),
    perTryTimeout: optional(duration()),
    retryOn: optional(string({ format: 'retry-on' })),
    backoff: optional(duration()),
    retryIgnorePreviousHosts: optional(boolean()),
    retryRemoteLocalities: refused('leave it out; localities are not available yet'),
  });

const fault = () =>
  object({
    delay: optional(
      object({
        fixedDelay: duration(),
        percentage: optional(percentage()),
        percent: refused('write percentage: { value: … }; percent is deprecated'),
        exponentialDelay: refused('write fixedDelay; Istio does not implement it either'),
      }),
    ),
    abort: optional(
      object({
        httpStatus: integer(200, 599),
        percentage: optional(percentage()),
        grpcStatus: refused('write httpStatus; gRPC is not available yet'),
        http2Error: refused('write httpStatus; Istio does not implement it either'),
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
    corsPolicy: refused('answer CORS in the application; the policy is not available yet'),
    delegate: refused('write the rules here; delegates are not available yet'),
    mirrorPercent: refused('write mirrorPercentage: { value: … }; mirrorPercent is deprecated'),
    mirror_percent: refused('write mirrorPercentage: { value: … }'),
  });

/** What requests to a host are done with. */
export const virtualServiceSchema = object({
  hosts: array(host(), { minItems: 1 }),
  gateways: optional(array(string({ format: 'gateway-name' }))),
  exportTo: optional(exportTo()),
  http: optional(array(httpRoute())),
  tls: refused('route HTTP; TLS passthrough is not available yet'),
  tcp: refused('route HTTP; raw TCP is not available yet'),
});

export type VirtualServiceSpec = Static<typeof virtualServiceSchema>;
