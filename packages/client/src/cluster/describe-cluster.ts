import { originText } from '@lateen/core';
import type { Cluster } from './cluster.ts';
import type { ClusterStatus, EndpointStatus } from './cluster-status.ts';
import type { EndpointState } from './endpoint-state.ts';

/** A cluster as `/clusters` shows it. */
export function clusterStatus(cluster: Cluster): ClusterStatus {
  const { spec, endpointSet } = cluster;
  return {
    name: cluster.name,
    host: spec.host,
    port: spec.port,
    subset: spec.subset,
    algorithm: cluster.algorithm,
    policy: spec.origin ? originText(spec.origin) : '',
    inFlight: cluster.admission.requestsInFlight,
    pending: cluster.limits.pending,
    ready: spec.resolution === 'none' || (endpointSet?.ready ?? false),
    staleSince: endpointSet?.staleSince ?? 0,
    endpoints: cluster.endpoints.map((state) => endpointStatus(cluster, state)),
  };
}

export function endpointStatus({ table, health }: Cluster, state: EndpointState): EndpointStatus {
  const { endpoint, slot } = state;
  return {
    endpoint: state.address,
    key: endpoint.key,
    workload: endpoint.workload,
    labels: endpoint.labels,
    locality: endpoint.locality,
    tls: endpoint.tls,
    weight: endpoint.weight,
    inFlight: table.inFlight[slot] as number,
    ewmaMs: Math.round((table.ewmaMs[slot] as number) * 1_000) / 1_000,
    available: table.available[slot] === 1,
    ejectedUntil: health.ejectedUntil(slot),
    breaker: health.breakerWord(state),
    connections: state.openTransport?.connections ?? 0,
    requests: state.requests,
    failures: state.failures,
  };
}
