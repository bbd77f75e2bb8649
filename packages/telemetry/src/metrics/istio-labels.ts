import type { SeriesKey, WorkloadIdentityLabels } from '../labels.ts';

const UNKNOWN = 'unknown';

/** All labels of Istio's request metrics in the order in which Istio emits them. */
export function istioLabels(key: SeriesKey, status: number, flags: string): Record<string, string> {
  const { source, destination } = key;
  return {
    reporter: key.reporter,
    ...sourceLabels(source),
    source_cluster: UNKNOWN,
    ...destinationLabels(key, destination),
    request_protocol: 'http',
    response_code: String(status),
    grpc_response_status: '',
    response_flags: flags,
    connection_security_policy: key.reporter === 'source' ? UNKNOWN : key.securityPolicy,
  };
}

function sourceLabels(peer: WorkloadIdentityLabels): Record<string, string> {
  return {
    source_workload: peer.workload || UNKNOWN,
    source_canonical_service: peer.app || UNKNOWN,
    source_canonical_revision: peer.version || 'latest',
    source_workload_namespace: peer.namespace || UNKNOWN,
    source_principal: peer.principal || UNKNOWN,
    source_app: peer.app || UNKNOWN,
    source_version: peer.version || UNKNOWN,
  };
}

function destinationLabels(key: SeriesKey, peer: WorkloadIdentityLabels): Record<string, string> {
  return {
    destination_workload: peer.workload || UNKNOWN,
    destination_workload_namespace: peer.namespace || UNKNOWN,
    destination_principal: peer.principal || UNKNOWN,
    destination_app: peer.app || UNKNOWN,
    destination_version: peer.version || UNKNOWN,
    destination_service: key.destinationService || UNKNOWN,
    destination_canonical_service: peer.app || UNKNOWN,
    destination_canonical_revision: peer.version || 'latest',
    destination_service_name: key.destinationServiceName || UNKNOWN,
    destination_service_namespace: key.destinationServiceNamespace || UNKNOWN,
    destination_cluster: UNKNOWN,
  };
}

/** One text per distinct path, to find its series by. */
export function seriesKeyText(key: SeriesKey): string {
  const { source, destination } = key;
  return [
    key.reporter,
    key.destinationService,
    key.destinationServiceName,
    key.destinationServiceNamespace,
    key.securityPolicy,
    source.workload,
    source.namespace,
    source.principal,
    source.app,
    source.version,
    destination.workload,
    destination.namespace,
    destination.principal,
    destination.app,
    destination.version,
  ].join('\u0000');
}
