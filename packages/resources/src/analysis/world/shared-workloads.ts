import type { Resource } from '../../resource.ts';
import { groupBy } from '../group-by.ts';
import { type Labels, selects } from './labels.ts';
import type { Workload } from './workloads.ts';

/** A resource that holds for the workloads of its namespace with these labels. */
export interface Selecting<R extends Resource> {
  readonly resource: R;
  readonly selector: Labels;
}

/** For each workload that more than one of these selects: it, and them. */
export function sharedWorkloads<R extends Resource>(
  selecting: readonly Selecting<R>[],
  workloads: readonly Workload[],
): { readonly workload: Workload; readonly resources: readonly R[] }[] {
  return workloads
    .map((workload) => ({ workload, resources: selecting.filter((one) => isFor(one, workload)).map(({ resource }) => resource) }))
    .filter(({ resources }) => resources.length > 1);
}

export function isFor({ resource, selector }: Selecting<Resource>, { namespace, labels }: Workload): boolean {
  return resource.metadata.namespace === namespace && selects(selector, labels);
}

/** Resources by namespace, where there is more than one. */
export function severalInNamespace<R extends Resource>(resources: readonly R[]): ReadonlyMap<string, readonly R[]> {
  const byNamespace = groupBy(resources, ({ metadata }) => metadata.namespace);
  return new Map([...byNamespace].filter(([, several]) => several.length > 1));
}
