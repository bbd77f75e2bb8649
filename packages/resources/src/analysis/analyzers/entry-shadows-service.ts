import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { fullName } from '../full-name.ts';
import { qualifiedHost } from '../world/hosts.ts';

const LTN0124: CheckDeclaration = {
  code: 'LTN0124',
  level: 'Warning',
  title: 'A ServiceEntry for the name of a Service',
  what: 'A ServiceEntry has the host of a Service.',
  why: 'Which of them answers for the name depends on who looks, and their endpoints may be mixed. It is rarely meant.',
  mend: 'Give the ServiceEntry a host of its own.',
  example: `apiVersion: v1
kind: Service
metadata: {name: cart}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: cart}
spec:
  hosts: [cart.default.svc.cluster.local]
  ports: [{number: 80, name: http, protocol: HTTP}]
  resolution: DNS`,
};

/** LTN0124: two resources say what one name is. */
export const entryShadowsService: Analyzer = {
  name: 'lateen.EntryShadowsServiceAnalyzer',
  description: 'ServiceEntries do not take the names of Services',
  checks: [LTN0124],
  analyze({ of }) {
    const services = new Map(
      of('Service').map((service) => [qualifiedHost(service.metadata.name, service.metadata.namespace), service]),
    );
    return of('ServiceEntry').flatMap((entry) =>
      (entry.spec.hosts ?? []).flatMap((host = '', index) => {
        const service = services.get(qualifiedHost(host, entry.metadata.namespace));
        if (!service) return [];
        const message = `host ${host} is Service ${fullName(service)}`;
        return [ownFinding(LTN0124, entry, `/spec/hosts/${index}`, message, 'give the ServiceEntry a host of its own')];
      }),
    );
  },
};
