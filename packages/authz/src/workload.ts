import type { Resource } from '@lateen/resources';

/** The process that policies are compiled for. */
export interface PolicyWorkload {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The mesh's own trust domain: `cluster.local`. */
  readonly trustDomain: string;
  /** Former or further names of it. */
  readonly trustDomainAliases: readonly string[];
  /** The namespace whose policies hold for all: `istio-system`. */
  readonly rootNamespace: string;
  /** Gateway API Gateways of its own namespace that it serves: what `targetRefs` at a Gateway names. */
  readonly gateways?: readonly string[];
}

interface Targeted {
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> } | undefined;
  readonly targetRefs?: readonly TargetRef[] | undefined;
  readonly targetRef?: TargetRef | undefined;
}

interface TargetRef {
  readonly kind?: string | undefined;
  readonly group?: string | undefined;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
}

/** Whether a policy holds for the workload: namespace or root namespace, and all labels of its selector or one of its targets. */
export function appliesTo({ metadata, spec }: Resource<string, Targeted>, workload: PolicyWorkload): boolean {
  if (metadata.namespace !== workload.namespace && metadata.namespace !== workload.rootNamespace) return false;
  const targets = spec.targetRefs?.length ? spec.targetRefs : spec.targetRef ? [spec.targetRef] : [];
  if (targets.length === 0) return selects(spec.selector?.matchLabels, workload.labels);
  return metadata.namespace === workload.namespace && targets.some((target) => names(target, workload));
}

/** All of a selector's labels are the workload's; no selector selects everyone. */
export function selects(
  matchLabels: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(matchLabels ?? {}).every(([name, value]) => Object.hasOwn(labels, name) && labels[name] === value);
}

function names({ kind, group, name = '', namespace }: TargetRef, workload: PolicyWorkload): boolean {
  if (kind !== 'Gateway' || group !== 'gateway.networking.k8s.io') return false;
  if (namespace !== undefined && namespace !== '' && namespace !== workload.namespace) return false;
  return (workload.gateways ?? []).includes(name);
}
