import type { MatchBlockSpec } from './spec-types.ts';
import type { RouteAction } from './route.ts';

/**
 * What Istio calls a route in traces and in `x-envoy-decorator-operation`: its only destination's host and port, or, with several, its VirtualService's name
 * and the port that was called; then the path it matches.
 */
export function operationOf(action: RouteAction, uri: MatchBlockSpec['uri'], virtualService: string, port: number): string {
  const [only, ...others] = action.kind === 'forward' ? action.destinations : [];
  const place = only && others.length === 0 ? placeOf(only.cluster) : `${virtualService}:${port}`;
  return place + pathOf(uri);
}

/** `outbound|9080|v1|reviews.default.svc.cluster.local` → `reviews.default.svc.cluster.local:9080` */
function placeOf(cluster: string): string {
  const [, port = '', , host = ''] = cluster.split('|');
  return `${host}:${port}`;
}

function pathOf(uri: MatchBlockSpec['uri']): string {
  return uri?.exact ?? uri?.regex ?? `${uri?.prefix ?? '/'}*`;
}
