import type { Analyzer } from '../analyzer.ts';
import { destinationsOf, type NamedDestination, type VirtualServiceDraft } from '../destinations.ts';
import { fullName } from '../full-name.ts';
import { resourceFinding } from '../value-finding.ts';
import { qualifiedHost } from '../world/hosts.ts';

/** IST0140: a gateway's route sends to a host, and the subsets that the mesh's VirtualService of that host chooses do not count there. */
export const ingressSubset: Analyzer = {
  name: 'virtualservice.DestinationHostAnalyzer',
  description: "Routes of a gateway are not held for a host's own, which choose subsets",
  analyze({ of }) {
    const services = of('VirtualService');
    const choosing = services.flatMap((service) => hostsWithSubset(service).map((host) => ({ service, host })));
    return services
      .filter(({ spec }) => (spec.gateways ?? []).length > 0)
      .flatMap((service) => {
        const plain = new Set(httpRoutes(service).flatMap((to) => (to.subset === undefined ? [nameIn(service, to.host)] : [])));
        const affected = new Set(choosing.filter(({ host }) => plain.has(host)).map((choice) => choice.service));
        return [...affected].map((other) =>
          resourceFinding(
            'IST0140',
            service,
            `Subset in virtual service ${fullName(other)} has no effect on ingress gateway ${fullName(service)} requests`,
          ),
        );
      });
  },
};

/** The hosts of a VirtualService that it sends to a subset of themselves. */
function hostsWithSubset(service: VirtualServiceDraft): string[] {
  const own = new Set((service.spec.hosts ?? []).map((host) => nameIn(service, host as string)));
  const chosen = httpRoutes(service).filter(({ subset }) => subset !== undefined);
  return [...new Set(chosen.map(({ host }) => nameIn(service, host)))].filter((host) => own.has(host));
}

const httpRoutes = (service: VirtualServiceDraft): NamedDestination[] =>
  destinationsOf(service).filter(({ rule, isMirror }) => !isMirror && rule.startsWith('/spec/http/'));

const nameIn = ({ metadata }: VirtualServiceDraft, host: string): string => qualifiedHost(host, metadata.namespace);
