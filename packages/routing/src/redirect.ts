import { endOfPath, requestScheme } from './request-conditions.ts';
import type { MatchedUri } from './rewrite.ts';
import type { Redirect, RouteRequest } from './route.ts';
import type { RedirectSpec } from './spec-types.ts';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** Envoy's redirect: what is not named keeps the request's value. */
class CompiledRedirect implements Redirect {
  readonly status: number;
  readonly #spec: RedirectSpec;
  readonly #matched: MatchedUri;

  constructor(spec: RedirectSpec, matched: MatchedUri) {
    this.status = spec.redirectCode || 301;
    this.#spec = spec;
    this.#matched = matched;
  }

  location(request: RouteRequest): string {
    const oldScheme = requestScheme(request);
    const scheme = this.#spec.scheme || oldScheme;
    const port = this.#port(request, this.#spec.scheme || 'http');
    const host = this.#spec.authority || requestHost(request.authority, oldScheme, scheme, port !== undefined);
    return `${scheme}://${host}${port === undefined ? '' : `:${port}`}${this.#target(request.path)}`;
  }

  /** A port that the scheme implies is left out, and then the request's own stays: Istio's quirk, kept. */
  #port(request: RouteRequest, scheme: string): number | undefined {
    const port = this.#spec.derivePort === 'FROM_REQUEST_PORT' ? request.port : this.#spec.port;
    return port === DEFAULT_PORTS[scheme] ? undefined : port;
  }

  #target(path: string): string {
    const { uri, prefixRewrite } = this.#spec;
    if (uri) return uri.includes('?') ? uri : uri + path.slice(endOfPath(path));
    if (prefixRewrite)
      return prefixRewrite + path.slice(this.#matched.kind === 'prefix' ? this.#matched.length : endOfPath(path));
    return path;
  }
}

/** The request's host; its port goes when another is set, or when it was only the old scheme's default. */
function requestHost(authority: string, oldScheme: string, scheme: string, hasNewPort: boolean): string {
  const colon = authority.lastIndexOf(':');
  if (colon <= authority.lastIndexOf(']')) return authority;
  const impliedByOldScheme = scheme !== oldScheme && Number(authority.slice(colon + 1)) === DEFAULT_PORTS[oldScheme];
  return hasNewPort || impliedByOldScheme ? authority.slice(0, colon) : authority;
}

export function compileRedirect(spec: RedirectSpec, matched: MatchedUri): Redirect {
  return new CompiledRedirect(spec, matched);
}
