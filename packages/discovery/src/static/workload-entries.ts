import { resourcesOfKind, type Revision, type WorkloadEntrySpec } from '@lateen/resources';

/** One workload that a configuration places, wherever it was written. */
export interface StaticWorkload extends WorkloadEntrySpec {
  readonly labels: Readonly<Record<string, string>>;
  /** `reviews-v2`; empty when nothing names it. */
  readonly workload: string;
}

/** The WorkloadEntries of a revision. */
export function workloadEntries(revision: Revision): readonly (StaticWorkload & { readonly namespace: string })[] {
  return resourcesOfKind(revision, 'WorkloadEntry').map(({ metadata, spec }) => ({
    ...spec,
    labels: { ...metadata.labels, ...spec.labels },
    workload: metadata.name,
    namespace: metadata.namespace,
  }));
}
