import type { Endpoint } from '@lateen/core';
import { BLACK_HOLE_CLUSTER, type ClusterSpec } from '@lateen/routing';
import type { MeshMetrics, RequestSeries, WorkloadIdentityLabels } from '@lateen/telemetry';
import type { ClientSelf } from '../client-options.ts';

const UNKNOWN: WorkloadIdentityLabels = {
  workload: 'unknown',
  namespace: 'unknown',
  principal: 'unknown',
  app: 'unknown',
  version: 'unknown',
};

/** Finds the series a client reports into: looked up once per endpoint or cluster, then kept by it. */
export class SourceSeries {
  readonly #metrics: MeshMetrics;
  readonly #source: WorkloadIdentityLabels;
  constructor(metrics: MeshMetrics, self: ClientSelf) {
    this.#metrics = metrics;
    this.#source = {
      workload: self.workload || 'unknown',
      namespace: self.namespace,
      principal: 'unknown',
      app: self.service || 'unknown',
      version: self.version || 'unknown',
    };
  }

  /** For requests that no endpoint answered. */
  ofCluster(spec: Pick<ClusterSpec, 'host' | 'serviceName' | 'serviceNamespace'>): RequestSeries {
    return this.#named(spec.host, spec.serviceName, spec.serviceNamespace, UNKNOWN);
  }

  /** For a host that is known and has no route or cluster for the request. */
  ofHost(host: string): RequestSeries {
    return host === 'unknown'
      ? this.#named('unknown', BLACK_HOLE_CLUSTER, 'unknown', UNKNOWN)
      : this.#named(host, host.split('.')[0] ?? host, 'unknown', UNKNOWN);
  }

  ofEndpoint(
    spec: Pick<ClusterSpec, 'host' | 'serviceName' | 'serviceNamespace' | 'identities'>,
    endpoint: Endpoint,
  ): RequestSeries {
    return this.#named(spec.host, spec.serviceName, spec.serviceNamespace, {
      workload: endpoint.workload || 'unknown',
      namespace: endpoint.namespace || 'unknown',
      principal: spec.identities.length === 1 ? (spec.identities[0] as string) : 'unknown',
      app: endpoint.labels['app'] || 'unknown',
      version: endpoint.labels['version'] || 'unknown',
    });
  }

  #named(service: string, name: string, namespace: string, destination: WorkloadIdentityLabels): RequestSeries {
    return this.#metrics.series({
      reporter: 'source',
      source: this.#source,
      destination,
      destinationService: service,
      destinationServiceName: name,
      destinationServiceNamespace: namespace,
      securityPolicy: 'unknown',
    });
  }
}
