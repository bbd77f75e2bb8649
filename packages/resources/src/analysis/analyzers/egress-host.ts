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

/** LTN0134: an import of nothing. */
export const egressHost: Analyzer = {
  name: 'lateen.EgressAnalyzer',
  description: 'Sidecars import hosts that exist',
  checks: [LTN0134],
  analyze: (context) => context.of('Sidecar').flatMap((sidecar) => importsOfNothing(context, sidecar)),
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
