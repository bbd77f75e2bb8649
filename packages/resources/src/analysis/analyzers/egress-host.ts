import type { Finding } from '../../finding.ts';
import type { AnalysisContext, DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { hostsOverlap } from '../world/hosts.ts';

const LTN0134: CheckDeclaration = {
  code: 'LTN0134',
  level: 'Warning',
  title: 'An egress host that is nobody',
  what: 'A Sidecar imports `namespace/host`, and no Service or ServiceEntry of that namespace has such a host.',
  why: 'The workload does not see the host that was meant: calls to it go to nowhere, or out of the mesh.',
  mend: 'Mend the namespace or the host; short names are not expanded here.',
  example: `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default}
spec:
  egress:
  - hosts: [shop/cart.shop.svc.cluster.local]`,
  kiali: ['KIA1004'],
};

const LTN0136: CheckDeclaration = {
  code: 'LTN0136',
  level: 'Warning',
  title: 'An outbound policy without mode',
  what: 'A Sidecar has an `outboundTrafficPolicy` and no `mode` in it.',
  why: 'Without the block unknown hosts are as the mesh has it, by default open. With an empty one they are refused (502): REGISTRY_ONLY is the zero of the enumeration.',
  mend: 'Write the mode.',
  example: `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default}
spec:
  egress: [{hosts: ["./*"]}]
  outboundTrafficPolicy: {}`,
  kiali: ['KIA1007'],
};

/** LTN0134: an import of nothing. LTN0136: a policy that says REGISTRY_ONLY by saying nothing. */
export const egressHost: Analyzer = {
  name: 'lateen.EgressAnalyzer',
  description: 'Sidecars say what their workloads see',
  checks: [LTN0134, LTN0136],
  analyze: (context) =>
    context.of('Sidecar').flatMap((sidecar) => [...importsOfNothing(context, sidecar), ...emptyPolicy(sidecar)]),
};

function importsOfNothing({ hosts, knowsAll }: AnalysisContext, sidecar: DraftResource<'Sidecar'>): Finding[] {
  if (!knowsAll.hosts) return [];
  const known = [...hosts.all];
  return (sidecar.spec.egress ?? []).flatMap((egress, index) =>
    (egress.hosts ?? []).flatMap((written = '', position) => {
      const [scope = '', host = ''] = written.split('/');
      const namespace = scope === '.' ? sidecar.metadata.namespace : scope;
      if (host === '*' || scope === '~' || written.startsWith('~')) return [];
      if (known.some((one) => (namespace === '*' || one.namespace === namespace) && hostsOverlap(host, one.host))) return [];
      const where = namespace === '*' ? 'any namespace' : `namespace ${namespace}`;
      const at = `/spec/egress/${index}/hosts/${position}`;
      return [
        ownFinding(LTN0134, sidecar, at, `no host of ${where} is ${host}`, 'mend the namespace or the host; write it in full'),
      ];
    }),
  );
}

function emptyPolicy(sidecar: DraftResource<'Sidecar'>): Finding[] {
  const policy = sidecar.spec.outboundTrafficPolicy;
  if (!policy || policy.mode !== undefined) return [];
  const message = 'outboundTrafficPolicy without mode refuses unknown hosts: REGISTRY_ONLY is what absent means here';
  return [ownFinding(LTN0136, sidecar, '/spec/outboundTrafficPolicy', message, 'write mode: REGISTRY_ONLY or mode: ALLOW_ANY')];
}
