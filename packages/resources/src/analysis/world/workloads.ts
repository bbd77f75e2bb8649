import { WORKLOAD_KINDS } from '../../kinds/index.ts';
import type { DraftResource, ResourcesOf } from '../analysis-context.ts';
import type { Labels } from './labels.ts';

/** Something that runs, or would: what selectors select. */
export interface Workload {
  readonly kind: 'Pod' | (typeof WORKLOAD_KINDS)[number] | 'WorkloadEntry' | 'registered';
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** How many of it there are. */
  readonly instances: number;
  readonly pod?: DraftResource<'Pod'>;
  /** What it has registered as. */
  readonly service?: string;
}

/** An instance that has registered. */
export interface RegisteredWorkload {
  readonly namespace: string;
  readonly name: string;
  readonly service: string;
  readonly labels: Labels;
}

const OPT_OUT = 'sidecar.istio.io/inject';

/**
 * What the resources say runs, and what is registered. Unlike istioctl, which asks for a pod with a proxy container, we count whatever has not opted
 * out: there is no proxy here, and a Deployment's template and a WorkloadEntry are workloads as well.
 */
export function knownWorkloads(of: ResourcesOf, registered: readonly RegisteredWorkload[]): Workload[] {
  const pods = of('Pod').map(
    (pod): Workload => ({ ...nameOf(pod), kind: 'Pod', labels: pod.metadata.labels, instances: 1, pod }),
  );
  const templates = WORKLOAD_KINDS.flatMap((kind) =>
    of(kind).map((resource): Workload => {
      const { replicas = 1, template } = resource.spec;
      return { ...nameOf(resource), kind, labels: template?.metadata?.labels ?? {}, instances: replicas };
    }),
  );
  const entries = of('WorkloadEntry').map(
    (entry): Workload => ({ ...nameOf(entry), kind: 'WorkloadEntry', labels: entry.spec.labels ?? {}, instances: 1 }),
  );
  const live = registered.map((instance): Workload => ({ ...instance, kind: 'registered', instances: 1 }));
  return [...pods, ...templates, ...entries, ...live].filter(({ labels }) => labels[OPT_OUT] !== 'false');
}

const nameOf = ({ metadata: { namespace, name } }: Pick<DraftResource<'Pod'>, 'metadata'>) => ({ namespace, name });
