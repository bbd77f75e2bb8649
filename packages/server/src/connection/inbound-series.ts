import type { Principal } from '@lateen/core';
import type { MeshMetrics, RequestSeries, WorkloadIdentityLabels } from '@lateen/telemetry';
import type { InboundSelf } from '../inbound.ts';

const NOBODY: WorkloadIdentityLabels = { workload: '', namespace: '', principal: '', app: '', version: '' };

/** The metric series of what comes in, one per caller: found when a connection is made, so that requests only add to it. */
export class InboundSeries {
  readonly #metrics: MeshMetrics;
  readonly #self: InboundSelf;

  constructor(metrics: MeshMetrics, self: InboundSelf) {
    this.#metrics = metrics;
    this.#self = self;
  }

  /** The caller's labels come from its certificate; plaintext is `unknown`. */
  of(principal: Principal | undefined): RequestSeries {
    const self = this.#self;
    return this.#metrics.series({
      reporter: 'destination',
      source: principal ? labelsOf(principal) : NOBODY,
      destination: self,
      destinationService: self.host,
      destinationServiceName: self.service,
      destinationServiceNamespace: self.namespace,
      securityPolicy: principal ? 'mutual_tls' : 'none',
    });
  }
}

function labelsOf({ id, namespace, serviceAccount, labels }: Principal): WorkloadIdentityLabels {
  return {
    workload: labels?.workload ?? serviceAccount,
    namespace,
    principal: id,
    app: labels?.app ?? serviceAccount,
    version: labels?.version ?? '',
  };
}
