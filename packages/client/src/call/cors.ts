import { headerValue, type RawHeaders, setHeader } from '@lateen/core';
import type { CorsPolicy, RouteRequest } from '@lateen/routing';
import type { LocalReply } from './local-reply.ts';

/** A page from an origin that may: its answers say so. */
export interface CorsGrant {
  readonly policy: CorsPolicy;
  readonly origin: string;
}

/** What a policy makes of a request: undefined for one that has nothing to do with CORS, or whose origin may not. */
export function corsGrant(policy: CorsPolicy, { headers }: Pick<RouteRequest, 'headers'>): CorsGrant | undefined {
  const origin = headerValue(headers, 'origin');
  return origin && policy.allowsOrigin(origin) ? { policy, origin } : undefined;
}

/**
 * The answer to a preflight, which then goes no further; undefined for other requests, and for a preflight from an origin that may not, unless the
 * policy keeps those from the service. Rules' operations on response headers do not hold for it. Source: Envoy's CORS filter.
 */
export function preflightReply(
  policy: CorsPolicy,
  grant: CorsGrant | undefined,
  request: Pick<RouteRequest, 'method' | 'headers'>,
): LocalReply | undefined {
  if (request.method !== 'OPTIONS') return undefined;
  const method = headerValue(request.headers, 'access-control-request-method');
  if (!method || !headerValue(request.headers, 'origin')) return undefined;
  if (!grant) return policy.forwardsUnmatchedPreflights ? undefined : preflight([]);
  const headers: RawHeaders = [];
  addCorsHeaders(headers, grant);
  addUnlessEmpty(headers, 'access-control-allow-methods', policy.allowMethods === '*' ? method : policy.allowMethods);
  const asked =
    policy.allowHeaders === '*' ? headerValue(request.headers, 'access-control-request-headers') : policy.allowHeaders;
  addUnlessEmpty(headers, 'access-control-allow-headers', asked ?? '');
  addUnlessEmpty(headers, 'access-control-max-age', policy.maxAge);
  return preflight(headers);
}

/** What every answer to such a page says; a service's own words on it are replaced. */
export function addCorsHeaders(lines: RawHeaders, { policy, origin }: CorsGrant): void {
  setHeader(lines, 'access-control-allow-origin', origin);
  if (policy.allowCredentials) setHeader(lines, 'access-control-allow-credentials', 'true');
  if (policy.exposeHeaders !== '') setHeader(lines, 'access-control-expose-headers', policy.exposeHeaders);
}

function preflight(headers: RawHeaders): LocalReply {
  return { status: 200, body: '', headers, isFinal: true };
}

function addUnlessEmpty(headers: RawHeaders, name: string, value: string): void {
  if (value !== '') headers.push(name, value);
}
