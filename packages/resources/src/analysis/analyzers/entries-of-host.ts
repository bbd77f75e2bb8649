import type { Finding } from '../../finding.ts';
import type { DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { fullName } from '../full-name.ts';

const LTN0144: CheckDeclaration = {
  code: 'LTN0144',
  level: 'Info',
  title: 'One host in two ServiceEntries',
  what: 'Two ServiceEntries of a namespace have one host and port. (Where their protocols differ it is IST0177.)',
  why: 'Their endpoints are put together, and the rest (resolution, location) is that of one of them. Taking one away later changes more than it seems.',
  mend: 'Put them into one.',
  example: `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: one}
spec:
  hosts: [api.example.com]
  ports: [{number: 80, name: http, protocol: HTTP}]
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: two}
spec:
  hosts: [api.example.com]
  ports: [{number: 80, name: http, protocol: HTTP}]
  resolution: STATIC
  endpoints: [{address: 10.0.0.1}]`,
  kiali: ['KIA1211'],
};

/** LTN0144: a host is described in two places. */
export const entriesOfHost: Analyzer = {
  name: 'lateen.EntriesOfHostAnalyzer',
  description: 'A host is described by one ServiceEntry',
  checks: [LTN0144],
  analyze({ of }) {
    const first = new Map<string, DraftResource<'ServiceEntry'>>();
    return of('ServiceEntry').flatMap((entry) =>
      (entry.spec.hosts ?? []).flatMap((host, index): Finding[] => {
        const places = (entry.spec.ports ?? []).map(({ number }) => `${entry.metadata.namespace} ${host} ${number}`);
        const earlier = places.map((place) => first.get(place)).find((known) => known !== undefined && known !== entry);
        for (const place of places) if (!first.has(place)) first.set(place, entry);
        if (!earlier) return [];
        const message = `host ${host} is described by ServiceEntry ${fullName(earlier)}, too`;
        return [ownFinding(LTN0144, entry, `/spec/hosts/${index}`, message, 'put them into one')];
      }),
    );
  },
};
