import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { destinationsOf, type NamedDestination, type VirtualServiceDraft } from '../destinations.ts';
import { groupBy } from '../group-by.ts';
import { qualifiedHost } from '../world/hosts.ts';

const LTN0107: CheckDeclaration = {
  code: 'LTN0107',
  level: 'Info',
  title: 'A subset that every rule gives weight 0',
  what: 'A VirtualService names a subset, among others and always with weight 0 (or no weight beside others that have one, which is the same).',
  why: 'The subset gets no request. That is how a canary begins, and how one is forgotten.',
  mend: 'Give it a weight, or take it out.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
  - route:
    - {destination: {host: reviews, subset: v1}, weight: 100}
    - {destination: {host: reviews, subset: v2}, weight: 0}`,
};

/** LTN0107: a subset is named and never chosen. */
export const subsetWithoutTraffic: Analyzer = {
  name: 'lateen.SubsetTrafficAnalyzer',
  description: 'Subsets that rules name get traffic',
  checks: [LTN0107],
  analyze({ of }) {
    const named = of('VirtualService').flatMap((service) =>
      httpDestinations(service).map((destination) => ({ service, destination, key: keyOf(service, destination) })),
    );
    return [...groupBy(named, ({ key }) => key).values()].flatMap((places): Finding[] => {
      const [first] = places;
      if (!first?.destination.subset || places.some(({ service, destination }) => getsTraffic(service, destination))) return [];
      const { service, destination } = first;
      const message = `subset ${destination.subset} of ${destination.host} has weight 0 wherever it is named`;
      return [ownFinding(LTN0107, service, destination.pointer, message, 'give it a weight, or take it out')];
    });
  },
};

const httpDestinations = (service: VirtualServiceDraft): NamedDestination[] =>
  destinationsOf(service).filter(({ rule, subset }) => subset !== undefined && rule.startsWith('/spec/http/'));

const keyOf = ({ metadata }: VirtualServiceDraft, { host, subset }: NamedDestination): string =>
  `${qualifiedHost(host, metadata.namespace)} ${subset}`;

function getsTraffic(service: VirtualServiceDraft, { isMirror, weight, rule }: NamedDestination): boolean {
  if (isMirror || (weight ?? 0) > 0) return true;
  return destinationsOf(service).filter((other) => other.rule === rule && !other.isMirror).length === 1;
}
