import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { headerValue, type RawHeaders } from '@lateen/core';

/** Headers that belong to one connection: RFC 9110, 7.6.1. undici refuses `expect`, which node has already answered. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** What only the mesh may say: identity, trace, request id, deadline, and how often something is tried. The mesh writes its own. */
const RESERVED: ReadonlySet<string> = new Set([
  'b3',
  'traceparent',
  'tracestate',
  'x-b3-flags',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-spanid',
  'x-b3-traceid',
  'x-envoy-attempt-count',
  'x-envoy-decorator-operation',
  'x-envoy-downstream-service-cluster',
  'x-envoy-downstream-service-node',
  'x-envoy-expected-rq-timeout-ms',
  'x-envoy-external-address',
  'x-envoy-force-trace',
  'x-envoy-hedge-on-per-try-timeout',
  'x-envoy-internal',
  'x-envoy-ip-tags',
  'x-envoy-max-retries',
  'x-envoy-original-url',
  'x-envoy-peer-metadata',
  'x-envoy-peer-metadata-id',
  'x-envoy-retriable-header-names',
  'x-envoy-retriable-status-codes',
  'x-envoy-retry-grpc-on',
  'x-envoy-retry-on',
  'x-envoy-upstream-alt-stat-name',
  'x-envoy-upstream-rq-per-try-timeout-ms',
  'x-envoy-upstream-rq-timeout-alt-response',
  'x-envoy-upstream-rq-timeout-ms',
  'x-forwarded-client-cert',
  'x-request-id',
]);

const OWN_PREFIX = 'x-lateen-';

/** Written anew from what is known of the caller. */
const FORWARDED: ReadonlySet<string> = new Set(['host', 'x-forwarded-for', 'x-forwarded-proto']);

/** Who calls, as far as the gateway knows. */
export interface EdgeCaller {
  /** Of the connection. */
  readonly address: string;
  readonly scheme: 'http' | 'https';
  /** The value of `x-forwarded-client-cert`. */
  readonly clientCertificate: string | undefined;
  readonly trustedProxies: number;
  /** Whether the caller's address goes in by itself too. */
  readonly tellsExternalAddress: boolean;
}

/**
 * The headers of an outside request as they may enter the mesh: connection headers and the mesh's own words taken out, all
 * others line by line, the caller's address appended to `x-forwarded-for`, `x-forwarded-proto` replaced unless a trusted proxy wrote it.
 *
 * @param authority becomes the one `host` line.
 */
export function edgeRequestHeaders(
  { rawHeaders, headers: parsed }: IncomingMessage,
  authority: string,
  caller: EdgeCaller,
): RawHeaders {
  const named = connectionHeaders(parsed.connection);
  const headers: RawHeaders = ['host', authority];
  const forwardedFor: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const lowerName = name.toLowerCase();
    if (mayEnter(lowerName, named)) headers.push(name, rawHeaders[i + 1] as string);
    else if (lowerName === 'x-forwarded-for') forwardedFor.push(rawHeaders[i + 1] as string);
  }
  const before = forwardedFor.filter((text) => text !== '').join(',');
  headers.push('x-forwarded-for', before === '' ? caller.address : `${before},${caller.address}`);
  headers.push('x-forwarded-proto', callerScheme(rawHeaders, caller));
  if (caller.clientCertificate !== undefined) headers.push('x-forwarded-client-cert', caller.clientCertificate);
  if (caller.tellsExternalAddress) headers.push('x-envoy-external-address', externalAddress(before, caller));
  return headers;
}

/** What the caller speaks: what a trusted proxy says of it, else what this connection is. */
export function callerScheme(rawHeaders: readonly string[], { scheme, trustedProxies }: EdgeCaller): 'http' | 'https' {
  if (trustedProxies === 0) return scheme;
  const said = headerValue(rawHeaders as RawHeaders, 'x-forwarded-proto')?.toLowerCase();
  return said === 'http' || said === 'https' ? said : scheme;
}

/** The address that the first trusted proxy saw: so many from the end of what the proxies wrote. */
function externalAddress(before: string, { address, trustedProxies }: EdgeCaller): string {
  if (trustedProxies === 0) return address;
  const said = before.split(',').at(-trustedProxies)?.trim() ?? '';
  return isIP(said) === 0 ? address : said;
}

/** Response headers without those of the inner connection. */
export function edgeResponseHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | string[]> {
  const { connection } = headers;
  const named = connectionHeaders(typeof connection === 'string' ? connection : connection?.join());
  const kept: Record<string, string | string[]> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !HOP_BY_HOP.has(name) && !named?.includes(name)) kept[name] = value;
  }
  return kept;
}

function mayEnter(lowerName: string, named: readonly string[] | undefined): boolean {
  if (FORWARDED.has(lowerName) || HOP_BY_HOP.has(lowerName) || RESERVED.has(lowerName)) return false;
  return !lowerName.startsWith(OWN_PREFIX) && !named?.includes(lowerName);
}

/** The names that a `connection` header adds; undefined in the usual cases. */
function connectionHeaders(connection: string | undefined): readonly string[] | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return connection.split(',').map((name) => name.trim().toLowerCase());
}
