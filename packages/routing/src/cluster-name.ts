/** Where requests to hosts nobody configured go under ALLOW_ANY. */
export const PASSTHROUGH_CLUSTER = 'PassthroughCluster';

/** Where they go under REGISTRY_ONLY. */
export const BLACK_HOLE_CLUSTER = 'BlackHoleCluster';

/** Istio's name of an outbound cluster: `outbound|9080|v1|reviews.default.svc.cluster.local`. */
export function clusterName(port: number, subset: string, host: string): string {
  return `outbound|${port}|${subset}|${host}`;
}
