import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import type { VirtualServiceDraft } from '../destinations.ts';
import { fullName, referenceName } from '../full-name.ts';
import { groupBy } from '../group-by.ts';
import { gatewaysOf, matchesAll } from '../reach/match-covers.ts';

const LTN0142: CheckDeclaration = {
  code: 'LTN0142',
  level: 'Warning',
  title: 'Two rules for the rest, at one gateway',
  what: 'Two VirtualServices have one host at one gateway, and each has a rule for all requests.',
  why: 'A gateway puts the rules of one host together, those for everything last. One of the two never answers; which one follows from their age and names, not from anything that is written.',
  mend: 'Keep one of them, or put the rules into one VirtualService.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: one}
spec:
  hosts: [shop.example.com]
  gateways: [edge]
  http: [{route: [{destination: {host: one}}]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: two}
spec:
  hosts: [shop.example.com]
  gateways: [edge]
  http: [{route: [{destination: {host: two}}]}]`,
  kiali: ['KIA1106'],
};

/** LTN0142: at gateways rules of one host are merged; two for everything do not go together. In the mesh it is IST0109. */
export const rivalsAtGateway: Analyzer = {
  name: 'lateen.GatewayRivalsAnalyzer',
  description: 'One VirtualService answers for the rest at a gateway',
  checks: [LTN0142],
  analyze({ of }) {
    const claims = of('VirtualService').filter(takesEverything).flatMap(claimsOf);
    return [...groupBy(claims, ({ key }) => key).values()].filter((rivals) => rivals.length > 1).flatMap(conflicts);
  },
};

interface Claim {
  readonly key: string;
  readonly host: string;
  readonly gateway: string;
  readonly service: VirtualServiceDraft;
}

function takesEverything(service: VirtualServiceDraft): boolean {
  const gateways = gatewaysOf(service);
  return (service.spec.http ?? []).some(
    ({ match = [] }) => match.length === 0 || match.some((block) => matchesAll(block, gateways)),
  );
}

function claimsOf(service: VirtualServiceDraft): Claim[] {
  const gateways = gatewaysOf(service).filter((gateway) => gateway !== 'mesh');
  const hosts = new Set((service.spec.hosts ?? []).map((host) => host ?? ''));
  return [...hosts].flatMap((host) =>
    gateways.map((written) => {
      const gateway = referenceName(written, service.metadata.namespace);
      return { key: `${gateway} ${host}`, host, gateway, service };
    }),
  );
}

function conflicts(rivals: readonly Claim[]): Finding[] {
  return rivals.map(({ service, host, gateway }) => {
    const others = rivals.filter((rival) => rival.service !== service).map((rival) => fullName(rival.service));
    const message = `VirtualService ${others.join(', ')} has a rule for everything of ${host} at ${gateway}, too; one of them never answers`;
    return ownFinding(LTN0142, service, '/spec/hosts', message, 'keep one of them, or put the rules together');
  });
}
