import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { gatewaysOf, matchesAll } from '../reach/match-covers.ts';

const LTN0127: CheckDeclaration = {
  code: 'LTN0127',
  level: 'Info',
  title: 'No rule for the rest',
  what: 'Every HTTP rule of a VirtualService of the mesh asks for something.',
  why: 'Requests that none matches are answered 404 (flag NR), though the service would serve them: once a host has rules, only the rules count.',
  mend: 'End with a rule without `match`, unless the 404 is meant.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop]
  http:
  - match: [{uri: {prefix: /cart/}}]
    route: [{destination: {host: cart}}]`,
};

/** LTN0127: what no rule matches is answered 404. At a gateway that is how it should be. */
export const noCatchAll: Analyzer = {
  name: 'lateen.CatchAllAnalyzer',
  description: 'Rules of the mesh have one for the rest',
  checks: [LTN0127],
  analyze: ({ of }) =>
    of('VirtualService').flatMap((service) => {
      const { http = [], hosts = [] } = service.spec;
      const gateways = gatewaysOf(service);
      const takesRest = http.some(({ match = [] }) => match.length === 0 || match.some((block) => matchesAll(block, gateways)));
      if (http.length === 0 || hosts.length === 0 || !gateways.includes('mesh') || takesRest) return [];
      const message = 'requests that no rule matches are answered 404, in the mesh too';
      return [ownFinding(LTN0127, service, '/spec/http', message, 'end with a rule without match, unless that is meant')];
    }),
};
