import type { Request } from 'express';

/** Express tells where a router is mounted as it was called, not as it was written: `/users/42` of `/users/:id`. */
const MAX_MOUNTS = 100;

/**
 * The route template of a request that was routed: `/reviews/:id`; undefined when no route took it, or one that is not written as a string.
 * Mounts with parameters would be names without end: beyond a hundred different ones they read `/*`.
 */
export function routeTemplates(): (request: Request) => string | undefined {
  const mounts = new Set<string>();
  return ({ route, baseUrl }) => {
    const path: unknown = route?.path;
    if (typeof path !== 'string') return undefined;
    if (mounts.size < MAX_MOUNTS) mounts.add(baseUrl);
    return `${mounts.has(baseUrl) ? baseUrl : '/*'}${path}`;
  };
}
