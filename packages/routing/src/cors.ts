import { stringMatcher } from './string-matcher.ts';
import type { CorsPolicySpec } from './spec-types.ts';
import { durationMs } from './retries.ts';

/** VirtualService's `corsPolicy`, compiled: header values ready to be sent. An empty text means the header is left out. */
export interface CorsPolicy {
  /** Whether this `origin` may; one matcher that takes `*` takes every origin, as in Envoy. */
  allowsOrigin(origin: string): boolean;
  /** `GET,PUT`; `*` echoes what a preflight asks for. */
  readonly allowMethods: string;
  /** `x-one,x-two`; `*` echoes what a preflight asks for. */
  readonly allowHeaders: string;
  readonly exposeHeaders: string;
  /** Whole seconds. */
  readonly maxAge: string;
  readonly allowCredentials: boolean;
  /** Whether a preflight from an origin that may not goes on to the backend (Istio's default) or is answered 200 without CORS headers. */
  readonly forwardsUnmatchedPreflights: boolean;
}

export function compileCors(spec: CorsPolicySpec | undefined): CorsPolicy | undefined {
  if (!spec) return undefined;
  const exact = (spec.allowOrigin ?? []).map((origin) => ({ exact: origin }));
  const matchers = (spec.allowOrigins?.length ? spec.allowOrigins : exact).map(stringMatcher);
  const allowsAll = matchers.some((matcher) => matcher.matches('*', 1));
  return {
    allowsOrigin: (origin) => allowsAll || matchers.some((matcher) => matcher.matches(origin, origin.length)),
    allowMethods: (spec.allowMethods ?? []).join(','),
    allowHeaders: (spec.allowHeaders ?? []).join(','),
    exposeHeaders: (spec.exposeHeaders ?? []).join(','),
    maxAge: spec.maxAge === undefined ? '' : String(Math.floor(durationMs(spec.maxAge, 0) / 1000)),
    allowCredentials: spec.allowCredentials ?? false,
    forwardsUnmatchedPreflights: spec.unmatchedPreflights !== 'IGNORE',
  };
}
