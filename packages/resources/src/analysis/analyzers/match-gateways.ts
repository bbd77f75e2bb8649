import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { fullName, referenceName } from '../full-name.ts';
import { type PlacedRule, rulesOf } from '../http-rules.ts';
import { gatewaysOf } from '../reach/match-covers.ts';
import { valueFinding } from '../value-finding.ts';

const LTN0128: CheckDeclaration = {
  code: 'LTN0128',
  level: 'Warning',
  title: 'A match for a gateway that the VirtualService is not bound to',
  what: 'A match names a gateway that `spec.gateways` does not.',
  why: 'The rules are not at that gateway at all, so the match is never true.',
  mend: 'Add the gateway to `spec.gateways`.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop.example.com]
  gateways: [mesh]
  http:
  - match: [{gateways: [edge]}]
    route: [{destination: {host: shop}}]`,
};

/** LTN0128: a match that is never true; IST0101 when the gateway does not exist either, which istioctl does not look for in matches. */
export const matchGateways: Analyzer = {
  name: 'lateen.MatchGatewaysAnalyzer',
  description: 'Matches name gateways that their VirtualService is bound to',
  checks: [LTN0128],
  analyze({ of }) {
    const existing = new Set([...of('Gateway'), ...of('KubernetesGateway')].map(fullName));
    return of('VirtualService').flatMap((service) => rulesOf(service).flatMap((placed) => unbound(placed, existing)));
  },
};

function unbound({ service, rule: { match = [] }, pointer }: PlacedRule, existing: ReadonlySet<string>): Finding[] {
  const { namespace } = service.metadata;
  const bound = new Set(gatewaysOf(service).map((gateway) => referenceName(gateway, namespace)));
  return match.flatMap(({ gateways = [] }, position) =>
    gateways.flatMap((written = '', index) => {
      const name = referenceName(written, namespace);
      if (bound.has(name)) return [];
      const at = `${pointer}/match/${position}/gateways/${index}`;
      const isMissing = written !== 'mesh' && !existing.has(name);
      return [
        ...(isMissing ? [valueFinding('IST0101', service, at, `Referenced gateway not found: "${written}"`)] : []),
        ownFinding(LTN0128, service, at, `the VirtualService is not bound to ${written}`, `add ${written} to spec.gateways`),
      ];
    }),
  );
}
