import { headerValues, type RawHeaders, setHeader } from '@lateen/core';
import { headerList } from './header-list.ts';
import type { ExtAuthzProvider } from './provider.ts';

/** The request that an authorization service is asked about. */
export interface CheckedRequest {
  readonly method: string;
  /** The normalised target. */
  readonly path: string;
  readonly host: string;
  readonly headers: readonly string[];
  /** As far as it was read, see `bodyWanted`; undefined where the provider isn't shown it. */
  readonly body?: { readonly bytes: Uint8Array; readonly complete: boolean } | undefined;
}

/** What goes to the service. */
export interface CheckCall {
  readonly provider: ExtAuthzProvider;
  readonly method: string;
  readonly path: string;
  readonly headers: RawHeaders;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
}

/** Sends it to the provider's host and port. Rejects on a reset, a refused connection, or after `timeoutMs`. */
export type SendCheck = (
  call: CheckCall,
) => Promise<{ readonly status: number; readonly headers: readonly string[]; readonly body: Uint8Array }>;

/** How many bytes of the body a server has to read before it asks; undefined: none. */
export function bodyWanted({ settings: { includeRequestBodyInCheck } }: ExtAuthzProvider): number | undefined {
  return includeRequestBodyInCheck && (includeRequestBodyInCheck.maxRequestBytes ?? 0);
}

export type CheckVerdict =
  | {
      readonly allowed: true;
      /** The request's headers from now on. */
      readonly headers: readonly string[];
      /** To be added to the answer. */
      readonly responseHeaders: readonly string[];
      /** Whether the route is to be chosen again. */
      readonly clearRoute: boolean;
    }
  | {
      readonly allowed: false;
      readonly status: number;
      readonly headers: readonly string[];
      readonly body: Uint8Array;
      /** Response flag, `UAEX` or none. */
      readonly flag: string;
      /** For the access log. */
      readonly details: string;
    };

const NO_BYTES = new Uint8Array();
/** Of the answer's own connection; never handed on. */
const HOP_BY_HOP: ReadonlySet<string> = new Set(
  'connection keep-alive transfer-encoding te trailer upgrade proxy-connection content-length date server'.split(' '),
);
/** Handed on whatever `headersToDownstreamOnDeny` lists. */
const ALWAYS_TO_CALLER = ['www-authenticate', 'location'];

/**
 * Asks an HTTP authorization service, as Envoy's ext_authz: 200 lets the request pass, a 5xx or no answer is an error, any other status is
 * passed on to the caller with its body.
 */
export async function checkRequest(provider: ExtAuthzProvider, request: CheckedRequest, send: SendCheck): Promise<CheckVerdict> {
  const { includeRequestBodyInCheck } = provider.settings;
  if (includeRequestBodyInCheck && !includeRequestBodyInCheck.allowPartialMessage && request.body?.complete === false)
    return refusal(413, [], new TextEncoder().encode('Payload Too Large'), '', 'request_payload_too_large');
  const answer = await send(checkCall(provider, request)).catch(() => undefined);
  if (!answer || answer.status >= 500) return failed(provider, request);
  if (answer.status === 200) return passed(provider, request, answer.headers);
  return refusal(answer.status, toCaller(provider, answer.headers), answer.body, 'UAEX', 'ext_authz_denied');
}

function checkCall(provider: ExtAuthzProvider, { method, path, host, headers, body }: CheckedRequest): CheckCall {
  const { settings, timeoutMs, pathPrefix } = provider;
  const listed = headerList([
    ...(settings.includeRequestHeadersInCheck ?? settings.includeHeadersInCheck ?? []),
    'authorization',
  ]);
  const bytes = settings.includeRequestBodyInCheck && body ? body.bytes : NO_BYTES;
  const sent: RawHeaders = ['host', host];
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (name !== 'host' && name !== 'content-length' && listed(name)) sent.push(name, headers[i + 1] as string);
  }
  for (const [name, value] of Object.entries(settings.includeAdditionalHeadersInCheck ?? {}))
    setHeader(sent, name.toLowerCase(), value);
  if (settings.includeRequestBodyInCheck) sent.push('x-envoy-auth-partial-body', String(body?.complete === false));
  sent.push(
    'content-length',
    String(bytes.length),
    'x-envoy-internal',
    'true',
    'x-envoy-expected-rq-timeout-ms',
    String(timeoutMs),
  );
  return { provider, method, path: pathPrefix + path, headers: sent, body: bytes, timeoutMs };
}

function failed({ failOpen, statusOnError }: ExtAuthzProvider, { headers }: CheckedRequest): CheckVerdict {
  if (failOpen) return { allowed: true, headers, responseHeaders: [], clearRoute: false };
  return refusal(statusOnError, [], NO_BYTES, 'UAEX', 'ext_authz_error');
}

function passed(
  { settings, clearRouteCache }: ExtAuthzProvider,
  request: CheckedRequest,
  answer: readonly string[],
): CheckVerdict {
  const toUpstream = headerList(settings.headersToUpstreamOnAllow ?? []);
  const toDownstream = headerList(settings.headersToDownstreamOnAllow ?? []);
  const removed = headerValues(answer, 'x-envoy-auth-headers-to-remove')
    .flatMap((names) => names.split(','))
    .map((name) => name.trim().toLowerCase());
  const headers: RawHeaders = request.headers.filter((_, i) => {
    const name = (request.headers[i - (i % 2)] as string).toLowerCase();
    return name === 'host' || !removed.includes(name);
  });
  const responseHeaders: string[] = [];
  for (let i = 0; i < answer.length; i += 2) {
    const name = (answer[i] as string).toLowerCase();
    const value = answer[i + 1] as string;
    if (HOP_BY_HOP.has(name)) continue;
    if (toUpstream(name)) setHeader(headers, name, value);
    if (toDownstream(name)) responseHeaders.push(name, value);
  }
  return { allowed: true, headers, responseHeaders, clearRoute: clearRouteCache };
}

function toCaller({ settings: { headersToDownstreamOnDeny } }: ExtAuthzProvider, answer: readonly string[]): string[] {
  const isListed = headersToDownstreamOnDeny?.length
    ? headerList([...headersToDownstreamOnDeny, ...ALWAYS_TO_CALLER])
    : () => true;
  const handedOn = (name: string): boolean => !HOP_BY_HOP.has(name) && isListed(name);
  return answer.filter((_, i) => handedOn((answer[i - (i % 2)] as string).toLowerCase()));
}

function refusal(status: number, headers: readonly string[], body: Uint8Array, flag: string, details: string): CheckVerdict {
  return { allowed: false, status, headers, body, flag, details };
}
