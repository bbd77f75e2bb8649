import { type PeerAuthenticationSpec, type Resource, resourcesOfKind, type Revision } from '@lateen/resources';
import type { MtlsMode } from './inbound.ts';

const ROOT_NAMESPACE = 'istio-system';

export interface WorkloadSelection {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

type PeerAuthentication = Resource<'PeerAuthentication', PeerAuthenticationSpec>;

/**
 * The mode in force for a workload: the policy that selects it, else its namespace's, else the mesh's (root namespace), else `fallback`. UNSET inherits.
 * Of two in one scope the first by name counts; a selector in the root namespace selects nobody, as in Istio.
 */
export function peerAuthenticationMode(revision: Revision, workload: WorkloadSelection, fallback: MtlsMode): MtlsMode {
  const policies = resourcesOfKind(revision, 'PeerAuthentication');
  const inNamespace = policies.filter(({ metadata }) => metadata.namespace === workload.namespace);
  const selecting = workload.namespace === ROOT_NAMESPACE ? undefined : inNamespace.find((policy) => selects(policy, workload));
  const wide = (namespace: string): PeerAuthentication | undefined =>
    policies.find((policy) => policy.metadata.namespace === namespace && selectorOf(policy) === undefined);
  return modeOf(selecting) ?? modeOf(wide(workload.namespace)) ?? modeOf(wide(ROOT_NAMESPACE)) ?? fallback;
}

function selectorOf({ spec }: PeerAuthentication): Readonly<Record<string, string>> | undefined {
  const labels = spec.selector?.matchLabels;
  return labels && Object.keys(labels).length > 0 ? labels : undefined;
}

function selects(policy: PeerAuthentication, { labels }: WorkloadSelection): boolean {
  const wanted = selectorOf(policy);
  return wanted !== undefined && Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

function modeOf(policy: PeerAuthentication | undefined): MtlsMode | undefined {
  const mode = policy?.spec.mtls?.mode;
  return mode === undefined || mode === 'UNSET' ? undefined : mode;
}
