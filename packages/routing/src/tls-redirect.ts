import type { RuleOrigin } from '@lateen/core';
import { routeWithoutRule } from './route-compiler.ts';
import type { Route } from './route.ts';

/** A Gateway's `httpsRedirect` for one host: the same URL, port included, with https. */
export function tlsRedirectRoute(host: string, origin: RuleOrigin): Route {
  return {
    ...routeWithoutRule(host),
    name: 'httpsRedirect',
    origin,
    action: {
      kind: 'redirect',
      redirect: { status: 301, location: ({ authority, path }) => `https://${authority}${path}` },
    },
  };
}
