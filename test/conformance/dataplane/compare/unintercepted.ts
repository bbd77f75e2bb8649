/**
 * Whether a cluster sends where the caller dials. The recordings were made without interception, so that such a cluster had
 * nowhere to send to, and of what was observed only its name is meant.
 *
 * @param cluster Istio's name, `outbound|80||api.example.test`
 */
export function sendsWhereDialled(cluster: unknown, resources: readonly object[]): boolean {
  if (cluster === 'PassthroughCluster') return true;
  if (typeof cluster !== 'string' || !cluster.startsWith('outbound|')) return false;
  const host = cluster.split('|')[3] as string;
  return (resources as readonly ResourceLike[]).some(({ kind, spec }) => {
    if (kind === 'DestinationRule' && spec?.trafficPolicy?.loadBalancer?.simple === 'PASSTHROUGH') return names(spec.host, host);
    if (kind !== 'ServiceEntry' || (spec?.resolution ?? 'NONE') !== 'NONE') return false;
    return spec?.hosts?.some((each) => each === host) === true;
  });
}

/** A rule's host in full, or its short name. */
function names(written: string | undefined, host: string): boolean {
  return written === host || written === host.split('.')[0];
}

interface ResourceLike {
  readonly kind?: string;
  readonly spec?: {
    readonly hosts?: readonly string[];
    readonly resolution?: string;
    readonly host?: string;
    readonly trafficPolicy?: { readonly loadBalancer?: { readonly simple?: string } };
  };
}
