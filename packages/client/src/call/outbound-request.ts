import { stringify } from 'node:querystring';
import type { Dispatcher } from 'undici';
import { type HeadersLike, type RawHeaders, toRawHeaders } from '@lateen/core';
import type { RouteRequest } from '@lateen/routing';
import type { TransportRequest } from '../transport/transport.ts';
import { type Origin, originOf } from './origins.ts';

/** A request on its way out: what routing looks at, and, once rewritten, what the transport sends. One shape, no spread. */
export class OutboundRequest implements RouteRequest, TransportRequest {
  readonly method: string;
  /** Raw target; the rewritten one after routing. */
  path: string;
  /** Host as the application wrote it, its `host` header before the URL; the rewritten one after routing. */
  authority: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly hostname: string;
  headers: RawHeaders;
  /** What the transport gets for this try. */
  body: NonNullable<Dispatcher.DispatchOptions['body']> | null = null;
  readonly upgrade: boolean | string | null;
  readonly headersTimeout: number | null;
  readonly bodyTimeout: number | null;
  readonly idempotent: boolean;
  readonly reset: boolean;
  readonly blocking: boolean;

  constructor(options: Dispatcher.DispatchOptions, origin: Origin) {
    this.method = options.method;
    this.path = options.query ? withQuery(options.path, options.query) : options.path;
    this.authority = origin.authority;
    this.port = origin.port;
    this.scheme = origin.scheme;
    this.hostname = origin.hostname;
    this.headers = toRawHeaders(options.headers as HeadersLike);
    this.upgrade = options.upgrade ?? null;
    this.headersTimeout = options.headersTimeout ?? null;
    this.bodyTimeout = options.bodyTimeout ?? null;
    this.idempotent = options.idempotent ?? (options.method === 'GET' || options.method === 'HEAD');
    this.reset = options.reset ?? false;
    this.blocking = options.blocking ?? options.method !== 'HEAD';
  }
}

/** @throws when the options cannot be sent at all. */
export function outboundRequest(options: Dispatcher.DispatchOptions): OutboundRequest {
  return new OutboundRequest(options, originOf(options.origin));
}

function withQuery(path: string, query: Record<string, unknown>): string {
  const text = stringify(query as Record<string, string>);
  if (!text) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${text}`;
}
