import type { InboundPool, InboundRules } from '@lateen/server';
import type { Resource, SidecarSpec } from '@lateen/resources';

type ConnectionPool = NonNullable<SidecarSpec['inboundConnectionPool']>;

/** What the workload's Sidecar says of its own ports. @param host of the service, for ports that no `ingress` names */
export function inboundRules(sidecar: Resource<'Sidecar', SidecarSpec> | undefined, host: string): InboundRules {
  const ingressOf = (port: number) => sidecar?.spec.ingress?.find((each) => each.port.number === port);
  return {
    poolOf: (port) => inboundPool(ingressOf(port)?.connectionPool ?? sidecar?.spec.inboundConnectionPool),
    operationOf: (port) => {
      const owner = sidecar && ingressOf(port) ? `${sidecar.metadata.name}.${sidecar.metadata.namespace}` : host;
      return `${owner}:${port}/*`;
    },
  };
}

/** Limits of 0 mean none, as in Istio. */
function inboundPool(pool: ConnectionPool | undefined): InboundPool | undefined {
  const limits = {
    maxRequests: pool?.http?.http2MaxRequests || Number.POSITIVE_INFINITY,
    maxConnections: pool?.tcp?.maxConnections || Number.POSITIVE_INFINITY,
    maxPendingRequests: pool?.http?.http1MaxPendingRequests || Number.POSITIVE_INFINITY,
  };
  return Object.values(limits).every((limit) => limit === Number.POSITIVE_INFINITY) ? undefined : limits;
}
