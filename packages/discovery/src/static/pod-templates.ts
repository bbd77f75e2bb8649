import { type PodSpec, resourcesOfKind, type Revision, WORKLOAD_KINDS } from '@lateen/resources';

/** What a Pod, or the template of a Deployment, says of those that will run. */
export interface PodTemplate {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `default` where none is written, as in Kubernetes. */
  readonly serviceAccount: string;
  /** Ports of the containers by their names. */
  readonly ports: ReadonlyMap<string, number>;
}

/** All that the Pods, Deployments, StatefulSets, DaemonSets and ReplicaSets of a revision would run. */
export function podTemplates(revision: Revision): readonly PodTemplate[] {
  const pods = resourcesOfKind(revision, 'Pod').map(({ metadata, spec }) => template(metadata.namespace, metadata.labels, spec));
  const templates = WORKLOAD_KINDS.flatMap((kind) => resourcesOfKind(revision, kind)).map(({ metadata, spec }) =>
    template(metadata.namespace, spec.template?.metadata?.labels ?? {}, spec.template?.spec ?? {}),
  );
  return [...pods, ...templates];
}

/** Whether a selector means what carries these labels. None, or one without labels, means nobody. */
export function selects(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}

function template(namespace: string, labels: Readonly<Record<string, string>>, pod: PodSpec): PodTemplate {
  const named = (pod.containers ?? [])
    .flatMap(({ ports }) => ports ?? [])
    .flatMap(({ name, containerPort }) => (name === undefined ? [] : [[name, containerPort] as const]));
  const serviceAccount = pod.serviceAccountName || pod.serviceAccount || 'default';
  return { namespace, labels, serviceAccount, ports: new Map(named) };
}
