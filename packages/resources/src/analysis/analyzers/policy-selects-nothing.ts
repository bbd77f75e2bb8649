import type { Finding } from '../../finding.ts';
import type { Resource } from '../../resource.ts';
import type { AnalysisContext } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { resourceFinding } from '../value-finding.ts';
import { type Labels, selectorText, selects } from '../world/labels.ts';

/**
 * IST0127: a policy is for workloads that nobody runs. istioctl looks at AuthorizationPolicies; here also PeerAuthentications and RequestAuthentications,
 * where their namespace has other workloads. (In the root namespace the one selects everywhere, the other nowhere.)
 */
export const policySelectsNothing: Analyzer = {
  name: 'auth.AuthorizationPoliciesAnalyzer',
  description: 'Policies select a workload',
  analyze: (context) => {
    if (!context.knowsAll.workloads) return [];
    const policies = context.of('AuthorizationPolicy');
    const authentications = [...context.of('PeerAuthentication'), ...context.of('RequestAuthentication')].filter(
      ({ spec, metadata: { namespace } }) =>
        spec.selector &&
        namespace !== context.meshConfig.rootNamespace &&
        context.workloads.some((workload) => workload.namespace === namespace),
    );
    return [...policies, ...authentications].flatMap((policy) =>
      selectsNothing(context, policy, policy.spec.selector?.matchLabels as Labels | undefined, Boolean(policy.spec.selector)),
    );
  },
};

function selectsNothing(
  { workloads, meshConfig }: AnalysisContext,
  policy: Resource,
  labels: Labels = {},
  isSelective: boolean,
): Finding[] {
  const { namespace } = policy.metadata;
  const isMeshWide = namespace === meshConfig.rootNamespace;
  if (isMeshWide && !isSelective) return [];
  const own = isMeshWide ? workloads : workloads.filter((workload) => workload.namespace === namespace);
  if (own.some((workload) => selects(labels, workload.labels))) return [];
  const message = `No matching workloads for this resource with the following labels: ${selectorText(labels)}`;
  return [resourceFinding('IST0127', policy, message)];
}
