import type { HttpRouteSpec } from '@lateen/resources';

export type RouteRule = NonNullable<HttpRouteSpec['rules']>[number];
export type RouteMatch = NonNullable<RouteRule['matches']>[number];

const PATH_RANK = { Exact: 3, PathPrefix: 2, RegularExpression: 1 } as const;

/** Which of two matches that both take a request is asked first, in the Gateway API's order; 0 where it does not say. */
export function byPrecedence(one: RouteMatch, other: RouteMatch): number {
  return (
    pathRank(other) - pathRank(one) ||
    pathLength(other) - pathLength(one) ||
    Number(other.method !== undefined) - Number(one.method !== undefined) ||
    (other.headers?.length ?? 0) - (one.headers?.length ?? 0) ||
    (other.queryParams?.length ?? 0) - (one.queryParams?.length ?? 0)
  );
}

/** What takes every path is asked last, so that no expression hides behind it. */
function pathRank(match: RouteMatch): number {
  const type = match.path?.type ?? 'PathPrefix';
  return type === 'PathPrefix' && pathLength(match) === 0 ? 0 : PATH_RANK[type];
}

/** `/a/` is the prefix `/a`. */
function pathLength({ path }: RouteMatch): number {
  const value = path?.value ?? '/';
  return path?.type === 'Exact' || path?.type === 'RegularExpression' ? value.length : value.replace(/\/$/, '').length;
}
