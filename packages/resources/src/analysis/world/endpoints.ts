import type { AnalysisContext } from '../analysis-context.ts';
import { namespaceOfHost } from './hosts.ts';
import type { KnownHost } from './known-hosts.ts';
import { type Labels, selects } from './labels.ts';

/** Something that serves a host. */
export interface KnownEndpoint {
  readonly labels: Labels;
  readonly instances: number;
}

/** What serves a host: the endpoints that its ServiceEntry lists, or the workloads that are selected; all of them, as in istioctl, where nothing is said. */
export function endpointsOf(known: KnownHost, { workloads }: Pick<AnalysisContext, 'workloads'>): readonly KnownEndpoint[] {
  const listed = known.entry?.spec.endpoints;
  if (listed && listed.length > 0) return listed.map(({ labels = {} }) => ({ labels: labels as Labels, instances: 1 }));
  const { selector } = known;
  const declares = known.entry ?? known.service;
  if (declares && !(selector && Object.keys(selector).length > 0)) return workloads;
  const namespace = known.namespace || namespaceOfHost(known.host);
  const inNamespace = workloads.filter((workload) => workload.namespace === namespace);
  if (selector) return inNamespace.filter(({ labels }) => selects(selector, labels));
  const name = known.host.split('.')[0];
  return inNamespace.filter(({ service }) => service === name);
}
