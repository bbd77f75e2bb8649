import { type Static, Type } from 'typebox';
import {
  count,
  duration,
  headerName,
  host,
  label,
  object,
  oneOf,
  percentage,
  port,
  presenceMatch,
  refused,
  regex,
  stringMap,
  stringMatch,
} from '../schema/fields.ts';

const optional = Type.Optional;

const destination = () => object({ host: host(), subset: optional(label()), port: optional(object({ number: port() })) });

const headerOperations = () =>
  object({ set: optional(stringMap()), add: optional(stringMap()), remove: optional(Type.Array(headerName())) });

const headers = () => object({ request: optional(headerOperations()), response: optional(headerOperations()) });

const match = () =>
  object({
    name: optional(Type.String()),
    uri: optional(stringMatch()),
    scheme: optional(stringMatch()),
    method: optional(stringMatch()),
    authority: optional(stringMatch()),
    headers: optional(Type.Record(Type.String(), presenceMatch())),
    withoutHeaders: optional(Type.Record(Type.String(), presenceMatch())),
    queryParams: optional(Type.Record(Type.String(), presenceMatch())),
    port: optional(port()),
    ignoreUriCase: optional(Type.Boolean()),
    sourceLabels: optional(stringMap()),
    sourceNamespace: optional(Type.String()),
    gateways: optional(Type.Array(Type.String())),
    statPrefix: refused('leave it out; series are told apart by route and cluster'),
  });

const retries = () =>
  object({
    attempts: optional(count()),
    perTryTimeout: optional(duration()),
    retryOn: optional(Type.String({ format: 'retry-on' })),
    backoff: optional(duration()),
    retryIgnorePreviousHosts: optional(Type.Boolean()),
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
        httpStatus: Type.Integer({ minimum: 200, maximum: 599 }),
        percentage: optional(percentage()),
        grpcStatus: refused('write httpStatus; gRPC is not available yet'),
        http2Error: refused('write httpStatus; Istio does not implement it either'),
      }),
    ),
  });

const redirect = () =>
  object({
    uri: optional(Type.String()),
    prefixRewrite: optional(Type.String()),
    authority: optional(Type.String()),
    port: optional(port()),
    derivePort: optional(oneOf('FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT')),
    scheme: optional(oneOf('http', 'https')),
    redirectCode: optional(Type.Unsafe<number>({ enum: [301, 302, 303, 307, 308] })),
  });

const directResponse = () =>
  object({
    status: Type.Integer({ minimum: 200, maximum: 599 }),
    body: optional(
      Type.Object(
        { string: optional(Type.String()), bytes: optional(Type.String({ format: 'base64' })) },
        { additionalProperties: false, minProperties: 1, maxProperties: 1 },
      ),
    ),
  });

const rewrite = () =>
  object({
    uri: optional(Type.String({ minLength: 1 })),
    authority: optional(Type.String({ minLength: 1 })),
    uriRegexRewrite: optional(object({ match: regex(), rewrite: Type.String() })),
  });

const httpRoute = () =>
  object({
    name: optional(Type.String()),
    match: optional(Type.Array(match())),
    route: optional(
      Type.Array(object({ destination: destination(), weight: optional(count()), headers: optional(headers()) }), {
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
    mirrors: optional(Type.Array(object({ destination: destination(), percentage: optional(percentage()) }))),
    headers: optional(headers()),
    corsPolicy: refused('answer CORS in the application; the policy is not available yet'),
    delegate: refused('write the rules here; delegates are not available yet'),
    mirrorPercent: refused('write mirrorPercentage: { value: … }; mirrorPercent is deprecated'),
    mirror_percent: refused('write mirrorPercentage: { value: … }'),
  });

/** What requests to a host are done with. */
export const virtualServiceSchema = object({
  hosts: Type.Array(host(), { minItems: 1 }),
  gateways: optional(Type.Array(Type.String())),
  exportTo: optional(Type.Array(Type.String())),
  http: optional(Type.Array(httpRoute())),
  tls: refused('route HTTP; TLS passthrough is not available yet'),
  tcp: refused('route HTTP; raw TCP is not available yet'),
});

export type VirtualServiceSpec = Static<typeof virtualServiceSchema>;
