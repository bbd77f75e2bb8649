import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { httpRules, type PlacedRule } from '../http-rules.ts';
import { qualifiedHost } from '../world/hosts.ts';

const LTN0130: CheckDeclaration = {
  code: 'LTN0130',
  level: 'Info',
  title: 'A weight without rival',
  what: 'A rule has one destination, with a weight other than 100.',
  why: 'One destination gets every request, whatever its weight: `weight: 10` is not 10 %.',
  mend: 'Leave the weight out, or add the destination that gets the rest.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop.example.com]
  http:
  - route: [{destination: {host: shop}, weight: 10}]`,
  kiali: ['KIA1104'],
};

const LTN0131: CheckDeclaration = {
  code: 'LTN0131',
  level: 'Warning',
  title: 'One destination twice in a rule',
  what: 'A rule names a host and subset twice.',
  why: 'Their weights add up, so the split is not what either line says.',
  mend: 'Write it once.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop.example.com]
  http:
  - route:
    - {destination: {host: shop, subset: v1}, weight: 50}
    - {destination: {host: shop, subset: v1}, weight: 50}`,
  kiali: ['KIA1105'],
};

/** LTN0130, LTN0131: weights that do not split as they say. */
export const routeWeights: Analyzer = {
  name: 'lateen.WeightsAnalyzer',
  description: 'Weights split as they say',
  checks: [LTN0130, LTN0131],
  analyze: (context) => httpRules(context).flatMap((placed) => [...loneWeight(placed), ...repeatedDestinations(placed)]),
};

function loneWeight({ service, rule: { route = [] }, pointer }: PlacedRule): Finding[] {
  const weight = route[0]?.weight;
  if (route.length !== 1 || weight === undefined || weight === 100 || weight === 0) return [];
  const message = `the only destination gets every request, not ${weight} %`;
  return [
    ownFinding(
      LTN0130,
      service,
      `${pointer}/route/0/weight`,
      message,
      'leave the weight out, or add the destination of the rest',
    ),
  ];
}

function repeatedDestinations({ service, rule: { route = [] }, pointer }: PlacedRule): Finding[] {
  const seen = new Set<string>();
  return route.flatMap(({ destination = {} }, index) => {
    const { host = '', subset = '', port } = destination;
    const key = JSON.stringify([qualifiedHost(host, service.metadata.namespace), subset, port?.number]);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const message = `${host}${subset ? ` subset ${subset}` : ''} is named twice in this rule, and the weights add up`;
    return [ownFinding(LTN0131, service, `${pointer}/route/${index}`, message, 'write it once')];
  });
}
