import type { Finding } from '../../finding.ts';
import type { AnalysisContext } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { type PolicyDraft } from '../policy-rules.ts';
import { type Labels, selectorText, selects } from '../world/labels.ts';

const LTN0140: CheckDeclaration = {
  code: 'LTN0140',
  level: 'Info',
  title: 'A workload beside policies, without one',
  what: 'ALLOW policies of a namespace are for some of its workloads, and no policy at all is for another.',
  why: 'A workload without ALLOW policy takes everybody in. Among neighbours that do not, that is easily overlooked.',
  mend: 'Deny by default (`spec: {}`) and allow what is needed.',
  example: `apiVersion: v1
kind: Pod
metadata: {name: orders-1, labels: {app: orders}}
spec: {containers: [{name: app, image: example/orders}]}
---
apiVersion: v1
kind: Pod
metadata: {name: stock-1, labels: {app: stock}}
spec: {containers: [{name: app, image: example/stock}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: orders}
spec:
  selector: {matchLabels: {app: orders}}
  rules: [{to: [{operation: {methods: [GET]}}]}]`,
  kiali: ['KIA1301'],
};

/** LTN0140: told at the first policy of the namespace, since workloads may have no file. */
export const workloadWithoutPolicy: Analyzer = {
  name: 'lateen.UncoveredWorkloadAnalyzer',
  description: 'Where workloads have policies, all have',
  checks: [LTN0140],
  analyze: (context) => {
    const policies = context.of('AuthorizationPolicy');
    const namespaces = [...new Set(policies.map(({ metadata }) => metadata.namespace))];
    return namespaces.flatMap((namespace) => uncovered(context, policies, namespace));
  },
};

function uncovered({ workloads, meshConfig }: AnalysisContext, policies: readonly PolicyDraft[], namespace: string): Finding[] {
  if (namespace === meshConfig.rootNamespace) return [];
  const inForce = policies.filter(
    ({ metadata }) => metadata.namespace === namespace || metadata.namespace === meshConfig.rootNamespace,
  );
  const [first] = inForce.filter(
    ({ spec, metadata }) => metadata.namespace === namespace && (spec.action ?? 'ALLOW') === 'ALLOW',
  );
  if (!first || inForce.some(({ spec }) => spec.targetRefs ?? spec.targetRef)) return [];
  const open = workloads.filter(
    (workload) =>
      workload.namespace === namespace &&
      !inForce.some(({ spec }) => selects((spec.selector?.matchLabels ?? {}) as Labels, workload.labels)),
  );
  return open.map(({ name, labels }) => {
    const message = `workload ${name} (${selectorText(labels)}) has no policy: it takes everybody in`;
    return ownFinding(LTN0140, first, '/metadata/name', message, 'deny by default (spec: {}) and allow what is needed');
  });
}
