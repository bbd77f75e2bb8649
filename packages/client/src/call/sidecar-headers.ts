import { headerValue, type RawHeaders, setHeader } from '@lateen/core';
import { DEADLINE_HEADER } from '@lateen/resilience';
import type { MeshConfig, Route } from '@lateen/routing';
import type { OutboundRequest } from './outbound-request.ts';

/** Which headers are added where a sidecar's ways are asked for (`defaults: istio`): the mesh's `proxyHeaders`. */
export interface SidecarHeaders {
  readonly requestId: boolean;
  readonly attemptCount: boolean;
  /** Those with which Envoy tells of itself: times, overload. */
  readonly debug: boolean;
  /** Whether who sends requests here has proved whose they are: a gateway writes the caller's certificate, an application may not. */
  readonly tellsCaller: boolean;
}

export function sidecarHeaders(meshConfig: MeshConfig | undefined, tellsCaller: boolean): SidecarHeaders {
  const { requestId, attemptCount, envoyDebugHeaders } = meshConfig?.defaultConfig?.proxyHeaders ?? {};
  return {
    requestId: requestId?.disabled !== true,
    attemptCount: attemptCount?.disabled !== true,
    debug: envoyDebugHeaders?.disabled !== true,
    tellsCaller,
  };
}

/** What callers may not say to a sidecar: Envoy's own controls, since nobody counts as internal. */
const NOT_THE_CALLERS: ReadonlySet<string> = new Set([
  'x-envoy-attempt-count',
  'x-envoy-decorator-operation',
  DEADLINE_HEADER,
  'x-envoy-force-trace',
  'x-envoy-hedge-on-per-try-timeout',
  'x-envoy-internal',
  'x-envoy-ip-tags',
  'x-envoy-max-retries',
  'x-envoy-original-url',
  'x-envoy-retriable-header-names',
  'x-envoy-retriable-status-codes',
  'x-envoy-retry-grpc-on',
  'x-envoy-retry-on',
  'x-envoy-upstream-alt-stat-name',
  'x-envoy-upstream-rq-per-try-timeout-ms',
  'x-envoy-upstream-rq-timeout-alt-response',
  'x-envoy-upstream-rq-timeout-ms',
]);

/** What belongs to one connection. Source: RFC 9110, 7.6.1. */
const HOP_BY_HOP: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** The lines as a sidecar takes them over: without those above, of `te` nothing but trailers. An upgrade keeps what asks for it. */
export function takeOverHeaders(headers: RawHeaders, upgrade: boolean, tellsCaller: boolean): void {
  const named = upgrade ? undefined : namedByConnection(headers);
  let kept = 0;
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (NOT_THE_CALLERS.has(name) || (!upgrade && HOP_BY_HOP.has(name)) || named?.includes(name)) continue;
    if (name === 'x-forwarded-client-cert' && !tellsCaller) continue;
    // As whoever reads them from a connection gets them.
    const value = (headers[i + 1] as string).trim();
    if (name === 'te' && !/(^|[\s,])trailers([\s,;]|$)/i.test(value)) continue;
    headers[kept] = headers[i] as string;
    headers[kept + 1] = name === 'te' ? 'trailers' : value;
    kept += 2;
  }
  headers.length = kept;
}

/**
 * An upstream's lines as a sidecar passes them on: nothing of the connection, nothing that proxies tell each other; and how long it took.
 *
 * @param elapsedMs since the call was sent on
 */
export function passOnAnswer(lines: RawHeaders, { debug }: SidecarHeaders, elapsedMs: number): void {
  let kept = 0;
  for (let i = 0; i < lines.length; i += 2) {
    const name = (lines[i] as string).toLowerCase();
    if (HOP_BY_HOP.has(name) || name === 'x-envoy-decorator-operation') continue;
    lines[kept] = lines[i] as string;
    lines[kept + 1] = lines[i + 1] as string;
    kept += 2;
  }
  lines.length = kept;
  if (debug) setHeader(lines, 'x-envoy-upstream-service-time', String(Math.round(elapsedMs)));
}

/** Undefined in the usual cases. `te` is judged by itself. */
function namedByConnection(headers: RawHeaders): readonly string[] | undefined {
  const connection = headerValue(headers, 'connection');
  if (connection === undefined) return undefined;
  return connection
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== 'te');
}

/** What a sidecar adds once, whatever is tried. A caller's own `x-forwarded-proto` stands if it makes sense. */
export function addSidecarHeaders(request: OutboundRequest, operation: string): void {
  const { headers } = request;
  const proto = headerValue(headers, 'x-forwarded-proto');
  if (proto !== 'http' && proto !== 'https') setHeader(headers, 'x-forwarded-proto', request.scheme);
  if (operation !== '') headers.push('x-envoy-decorator-operation', operation);
}

/**
 * How long the upstream may take, as Envoy tells it: the try's own timeout, at most what is left of the route's; 0 = nobody said.
 *
 * @param elapsedMs since the call was sent on
 */
export function expectedTimeoutMs({ timeoutMs, retry }: Pick<Route, 'timeoutMs' | 'retry'>, elapsedMs: number): number {
  const perTryMs = timeoutMs > 0 && retry.perTryTimeoutMs >= timeoutMs ? 0 : retry.perTryTimeoutMs;
  if (timeoutMs === 0) return perTryMs;
  return Math.max(1, Math.floor(Math.min(perTryMs || timeoutMs, timeoutMs - elapsedMs)));
}
