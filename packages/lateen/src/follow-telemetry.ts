import type { Logger, Unsubscribe, Watched } from '@lateen/core';
import { regexFinder, resourcesOfKind, type Revision } from '@lateen/resources';
import { compileTelemetry, type MeshMetrics, type MeshTracing, type PolicyAccessLog } from '@lateen/telemetry';
import type { MeshSettings } from './settings.ts';
import { ownProviders } from './own-providers.ts';

/** What Telemetry resources have a say in. */
export interface Telemetries {
  readonly metrics: MeshMetrics;
  readonly tracing: MeshTracing;
  /** Of calls. */
  readonly outboundLog: PolicyAccessLog;
  /** Of requests that are served. */
  readonly inboundLog: PolicyAccessLog;
}

const ROOT_NAMESPACE = 'istio-system';

/** Has metrics, traces and logs obey the Telemetry resources of the configuration, now and at every change. */
export function followTelemetry(
  revision: Watched<Revision>,
  { metrics, tracing, outboundLog, inboundLog }: Telemetries,
  { namespace, labels, meshConfig }: Pick<MeshSettings, 'namespace' | 'labels' | 'meshConfig'>,
  logger: Logger,
): Unsubscribe {
  const workload = { namespace, labels, rootNamespace: meshConfig.rootNamespace || ROOT_NAMESPACE };
  const providers = ownProviders(meshConfig);
  const environment = {
    regex: regexFinder,
    variables: process.env,
    problem: (message: string) => logger.warn(`Telemetry: ${message}`),
  };
  let obeyed = '[]';
  const obey = (): void => {
    const resources = resourcesOfKind(revision.value, 'Telemetry');
    const written = JSON.stringify(resources.map(({ metadata, spec }) => ({ metadata, spec })));
    if (written === obeyed) return;
    obeyed = written;
    const policy = compileTelemetry(resources, workload, environment, providers);
    metrics.apply(policy.metrics);
    tracing.apply(policy.tracing);
    outboundLog.apply(policy.logging.client);
    inboundLog.apply(policy.logging.server);
  };
  obey();
  return revision.subscribe(obey);
}
