import type { Finding } from '../../finding.ts';
import type { AnalysisContext, DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { fullName } from '../full-name.ts';
import { groupBy } from '../group-by.ts';
import { selectorText } from '../world/labels.ts';

const LTN0122: CheckDeclaration = {
  code: 'LTN0122',
  level: 'Error',
  title: 'Two PeerAuthentications for the same workloads',
  what: 'Two PeerAuthentications of a namespace have no selector, or the same one.',
  why: 'The oldest counts and nothing says which that is: one of the two modes is not in force, and it may be STRICT.',
  mend: 'Keep one of them.',
  example: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: strict}
spec: {mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: permissive}
spec: {mtls: {mode: PERMISSIVE}}`,
  kiali: ['KIA0002', 'KIA0003'],
};

const LTN0123: CheckDeclaration = {
  code: 'LTN0123',
  level: 'Warning',
  title: 'A selector where it selects nothing',
  what: 'A PeerAuthentication or Sidecar in the root namespace has a selector.',
  why: 'Without selector it would hold for the whole mesh; with one it holds for workloads of the root namespace itself, where none are. Whoever wants STRICT for some workloads everywhere does not get it.',
  mend: 'Write one in each namespace, or take the selector out.',
  example: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: web-strict, namespace: istio-system}
spec:
  selector: {matchLabels: {app: web}}
  mtls: {mode: STRICT}`,
  kiali: ['KIA1006'],
};

/** LTN0122: one mode of two is not in force. LTN0123: a resource is for workloads that the root namespace has not. */
export const peerAuthenticationScope: Analyzer = {
  name: 'lateen.ScopeAnalyzer',
  description: 'Mesh-wide and namespace-wide settings are said once, and where they hold',
  checks: [LTN0122, LTN0123],
  analyze: (context) => [...rivals(context), ...selectiveInRoot(context)],
};

const selectorOf = ({ spec }: DraftResource<'PeerAuthentication'>): string => selectorText(spec.selector?.matchLabels ?? {});

function rivals({ of }: AnalysisContext): Finding[] {
  const alike = groupBy(of('PeerAuthentication'), (policy) => `${policy.metadata.namespace} ${selectorOf(policy)}`);
  return [...alike.values()]
    .filter((policies) => policies.length > 1)
    .flatMap((policies) =>
      policies.map((policy) => {
        const others = policies.filter((other) => other !== policy).map(fullName);
        const message = `PeerAuthentication ${others.join(', ')} is for the same workloads; the oldest counts`;
        return ownFinding(LTN0122, policy, '/metadata/name', message, 'keep one of them');
      }),
    );
}

function selectiveInRoot({ of, meshConfig }: AnalysisContext): Finding[] {
  const policies = of('PeerAuthentication').map((resource) => ({
    resource,
    at: '/spec/selector',
    selects: selectorOf(resource) !== '',
  }));
  const sidecars = of('Sidecar').map((resource) => ({
    resource,
    at: '/spec/workloadSelector',
    selects: selectorText(resource.spec.workloadSelector?.labels ?? {}) !== '',
  }));
  return [...policies, ...sidecars]
    .filter(({ resource, selects }) => selects && resource.metadata.namespace === meshConfig.rootNamespace)
    .map(({ resource, at }) => {
      const message = `in the root namespace ${meshConfig.rootNamespace} a selector selects workloads of that namespace only`;
      return ownFinding(LTN0123, resource, at, message, 'write one in each namespace, or take the selector out');
    });
}
