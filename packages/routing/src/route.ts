import type { RuleOrigin } from '@lateen/core';
import type { BackoffSettings, Fault, RetryPolicy } from '@lateen/resilience';
import type { CorsPolicy } from './cors.ts';
import type { HeaderValue } from './header-template.ts';

/** What routing looks at. `headers` are flat raw pairs; `path` is the raw target, query included. */
export interface RouteRequest {
  readonly method: string;
  /** Raw target as sent: `/reviews/0?x=1`. Never through `URL`. */
  readonly path: string;
  /** As the caller wrote it, port included: `reviews:9080`. */
  readonly authority: string;
  /** Port dialled; 80 or 443 where the URL named none. */
  readonly port: number;
  readonly scheme: string;
  readonly headers: readonly string[];
}

/**
 * Header operations in the order Istio applies them: remove, set, add. Names lower case.
 * A destination's are applied first, the route's after them: among several weighted destinations the route wins, as in
 * Istio. (With a single destination the compiler has joined both into the route's, the destination winning.)
 */
export interface HeaderOperations {
  readonly remove: readonly string[];
  readonly set: readonly (readonly [string, HeaderValue])[];
  readonly add: readonly (readonly [string, HeaderValue])[];
}

export interface Destination {
  /** `outbound|9080|v1|reviews.default.svc.cluster.local`; resolves to a {@link ClusterSpec} of the same table, or to none (503 NC). */
  readonly cluster: string;
  /** Share, > 0; the weights of a route need no particular sum. */
  readonly weight: number;
  readonly requestHeaders: HeaderOperations | undefined;
  readonly responseHeaders: HeaderOperations | undefined;
}

export interface Mirror {
  readonly cluster: string;
  /** 0–1. */
  readonly share: number;
}

export interface Rewrite {
  /** The request's new target. `route` knows which prefix matched. */
  path(path: string): string;
  readonly authority: string | undefined;
}

export interface Redirect {
  readonly status: number;
  /** The `location` value for a request. */
  location(request: RouteRequest): string;
}

export interface DirectResponse {
  readonly status: number;
  readonly body: Uint8Array;
}

export type RouteAction =
  | { readonly kind: 'forward'; readonly destinations: readonly Destination[]; readonly totalWeight: number }
  | { readonly kind: 'redirect'; readonly redirect: Redirect }
  | { readonly kind: 'respond'; readonly response: DirectResponse };

/** One compiled rule: everything a `Call` needs, decided before the first request. */
export interface Route {
  readonly name: string;
  /** Undefined for the route a known service has without any VirtualService. */
  readonly origin: RuleOrigin | undefined;
  /** Index of the http rule in its VirtualService; -1 for a default route. */
  readonly ruleIndex: number;
  /** Host of the service it was matched for, for metrics and `explain`. */
  readonly host: string;
  readonly action: RouteAction;
  /** Istio's name for it in traces: `reviews.default.svc.cluster.local:9080/*`; empty where nobody configured the host. */
  readonly operation: string;
  readonly rewrite: Rewrite | undefined;
  /** 0 = none. */
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly backoff: BackoffSettings;
  readonly fault: Fault | undefined;
  /** Looked at after the fault, before anything is sent, redirected or answered. */
  readonly cors: CorsPolicy | undefined;
  /** What a destination that does not exist is answered with: 503, in the Gateway API 500. */
  readonly unknownClusterStatus: 503 | 500;
  readonly mirrors: readonly Mirror[];
  readonly requestHeaders: HeaderOperations | undefined;
  readonly responseHeaders: HeaderOperations | undefined;
}

export type Match =
  | { readonly kind: 'route'; readonly route: Route; readonly matchIndex: number }
  /** The host is known and no rule matches: 404 NR. */
  | { readonly kind: 'no-route'; readonly host: string }
  /** Nobody configured the host: send it where it says (ALLOW_ANY). */
  | { readonly kind: 'passthrough' }
  /** Nobody configured the host, and REGISTRY_ONLY: 502. */
  | { readonly kind: 'refused' };
