import type { IncomingMessage } from 'node:http';
import { removeHeader, setHeader, type RawHeaders } from '@lateen/core';

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

/** What only the mesh may say: identity, trace, request id. The mesh writes its own. */
const RESERVED: ReadonlySet<string> = new Set([
  'b3',
  'traceparent',
  'tracestate',
  'x-b3-flags',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-spanid',
  'x-b3-traceid',
  'x-forwarded-client-cert',
  'x-request-id',
]);

/** Deadline, attempt count and other words of the proxies; ours. */
const RESERVED_PREFIXES = ['x-envoy-', 'x-lateen-'];

/**
 * The headers of an outside request as they may enter the mesh: connection headers and the mesh's own words taken out, all
 * others line by line, the caller's address appended to `x-forwarded-for`, `x-forwarded-proto` replaced.
 *
 * @param authority becomes the one `host` line.
 */
export function edgeRequestHeaders(request: IncomingMessage, authority: string): RawHeaders {
  const { rawHeaders } = request;
  const named = connectionHeaders(request.headers.connection);
  const headers: RawHeaders = ['host', authority];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (mayEnter(name.toLowerCase(), named)) headers.push(name, rawHeaders[i + 1] as string);
  }
  appendForwardedFor(headers, request);
  setHeader(headers, 'x-forwarded-proto', 'http');
  return headers;
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
  if (lowerName === 'host' || HOP_BY_HOP.has(lowerName) || RESERVED.has(lowerName) || named?.includes(lowerName)) return false;
  return !lowerName.startsWith('x-') || !RESERVED_PREFIXES.some((prefix) => lowerName.startsWith(prefix));
}

/** The names that a `connection` header adds; undefined in the usual cases. */
function connectionHeaders(connection: string | undefined): readonly string[] | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return connection.split(',').map((name) => name.trim().toLowerCase());
}

function appendForwardedFor(headers: RawHeaders, request: IncomingMessage): void {
  const { remoteAddress = 'unknown' } = request.socket;
  const address = remoteAddress.startsWith('::ffff:') ? remoteAddress.slice(7) : remoteAddress;
  const before = request.headers['x-forwarded-for'];
  if (before === undefined) {
    headers.push('x-forwarded-for', address);
    return;
  }
  removeHeader(headers, 'x-forwarded-for');
  headers.push('x-forwarded-for', `${Array.isArray(before) ? before.join(', ') : before},${address}`);
}
