import assert from 'node:assert/strict';
import fc from 'fast-check';
import { analyze } from '../../src/analysis/index.ts';
import { parseResources } from '../../src/parse-resources.ts';

const virtualService = (name: string, spec: string, namespace = 'default'): string =>
  `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
${spec.replaceAll(/^/gm, '  ')}
`;
const route = 'route: [{destination: {host: shop}}]';
const gateway = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: default}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: ["*.shop.example", "other/pay.example"]
`;
const serviceEntry = (host: string): string => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: outside}
spec:
  hosts: ["${host}"]
  ports: [{number: 80, name: http, protocol: HTTP}]
  resolution: ${host.startsWith('*') ? 'NONE' : 'DNS'}
`;
const rules = (...matches: string[]): string =>
  ['hosts: [shop]', 'http:', ...matches.map((match) => `- ${match === '' ? '' : `${match}\n  `}${route}`)].join('\n');

/** `CODE file:line message`, in the order of `analyze`. */
function told(documents: readonly string[], services?: readonly string[]): string[] {
  const parsed = parseResources(documents.join('---\n'), { file: 'm.yaml', defaultNamespace: 'default' });
  assert.deepEqual(parsed.findings, [], 'the documents are valid by themselves');
  const findings = analyze(parsed.resources, services ? { services } : {});
  return findings
    .filter(({ code }) => code.startsWith('IST'))
    .map(({ code, reference, message }) => `${code} ${reference} ${message}`);
}

const fqdn = (name: string, namespace = 'default'): string => `${name}.${namespace}.svc.cluster.local`;
const conflict = (names: string, host: string): string =>
  `The VirtualServices ${names} associated with mesh gateway define the same host ${host} which can lead to undefined behavior. This can be fixed by merging the conflicting VirtualServices into a single resource.`;

interface Case {
  readonly title: string;
  readonly documents: readonly string[];
  readonly services?: readonly string[];
  readonly want: readonly string[];
}

const destination = (text: string): string =>
  `hosts: [shop]\nhttp:\n- route:\n  - destination:\n${text.replaceAll(/^/gm, '      ')}`;
const mirrored = (mirror: string): string => `hosts: [shop]\nhttp:\n- ${route}\n  ${mirror}`;

const REFERENCES: readonly Case[] = [
  {
    title: 'a host that nobody has, where it stands',
    documents: [virtualService('a', destination('host: shopp'))],
    services: [fqdn('shop')],
    want: ['IST0101 m.yaml:11 Referenced host not found: "shopp"'],
  },
  {
    title: 'a short name in its own namespace only',
    documents: [virtualService('a', destination('host: shop'), 'other')],
    services: [fqdn('shop')],
    want: ['IST0101 m.yaml:11 Referenced host not found: "shop"'],
  },
  { title: 'no host while the services are not known', documents: [virtualService('a', destination('host: shopp'))], want: [] },
  {
    title: 'nothing of a host that a ServiceEntry has, also by wildcard',
    documents: [virtualService('a', destination('host: eu.api.example')), serviceEntry('*.api.example')],
    services: [],
    want: [],
  },
  {
    title: "the apex of a wildcard, which the wildcard doesn't cover",
    documents: [virtualService('a', destination('host: api.example')), serviceEntry('*.api.example')],
    services: [],
    want: ['IST0101 m.yaml:11 Referenced host not found: "api.example"'],
  },
  {
    title: 'a mirror host that nobody has',
    documents: [virtualService('a', mirrored('mirror: {host: shadow}'))],
    services: [fqdn('shop')],
    want: ['IST0101 m.yaml:10 Referenced mirror host not found: "shadow"'],
  },
  {
    title: 'a subset that no DestinationRule defines',
    documents: [virtualService('a', destination('host: shop\nsubset: v9'))],
    want: ['IST0101 m.yaml:11 Referenced host+subset in destinationrule not found: "shop+v9"'],
  },
  {
    title: 'a mirror subset that no DestinationRule defines',
    documents: [virtualService('a', mirrored('mirrors: [{destination: {host: shop, subset: v9}}]'))],
    want: ['IST0101 m.yaml:1 Referenced mirror+subset in destinationrule not found: "shop+v9"'],
  },
  {
    title: 'nothing of a subset that is defined by the full name',
    documents: [
      virtualService('a', destination('host: shop\nsubset: v1')),
      `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: d}\nspec: {host: ${fqdn('shop')}, subsets: [{name: v1}]}\n`,
    ],
    want: [],
  },
  {
    title: 'a Gateway that is not there, which then serves no host either',
    documents: [virtualService('a', `hosts: [x.shop.example]\ngateways: [mesh, edge2]\nhttp: [{${route}}]`)],
    want: [
      'IST0101 m.yaml:8 Referenced gateway not found: "edge2"',
      'IST0132 m.yaml:8 one or more host [x.shop.example] defined in VirtualService default/a not found in Gateway default/edge2.',
    ],
  },
];

const CONFLICTS: readonly Case[] = [
  {
    title: 'two rules of the mesh for one host, at their names',
    documents: [virtualService('a', rules('')), virtualService('b', `hosts: [${fqdn('shop')}]\nhttp: [{${route}}]`)],
    want: ['a', 'b'].map(
      (_name, index) => `IST0109 m.yaml:${index === 0 ? 4 : 14} ${conflict('default/a,default/b', `*/${fqdn('shop')}`)}`,
    ),
  },
  {
    title: 'nothing where one is for a gateway only',
    documents: [
      gateway,
      virtualService('a', `hosts: [x.shop.example]\ngateways: [edge]\nhttp: [{${route}}]`),
      virtualService('b', `hosts: [x.shop.example]\nhttp: [{${route}}]`),
    ],
    want: [],
  },
  {
    title: 'nothing between namespaces that keep theirs to themselves',
    documents: ['one', 'two'].map((namespace) =>
      virtualService('a', `hosts: [x.example]\nexportTo: ["."]\nhttp: [{${route}}]`, namespace),
    ),
    want: [],
  },
  {
    title: 'two that are exported to the same third namespace',
    documents: ['one', 'two'].map((namespace) =>
      virtualService('a', `hosts: [x.example]\nexportTo: [web]\nhttp: [{${route}}]`, namespace),
    ),
    want: [4, 14].map((line) => `IST0109 m.yaml:${line} ${conflict('one/a,two/a', 'web/x.example')}`),
  },
  {
    title: 'nothing of a host that one rule spells twice',
    documents: [virtualService('a', `hosts: [x, x.default.svc.cluster.local]\nhttp: [{${route}}]`)],
    want: [],
  },
];

const RULES: readonly Case[] = [
  {
    title: 'a second rule without matches',
    documents: [virtualService('a', rules('', ''))],
    want: ['IST0130 m.yaml:1 VirtualService rule #1 not used (only the last rule can have no matches).'],
  },
  {
    title: 'a rule after one without matches, by its name',
    documents: [virtualService('a', rules('match: []', 'name: late\n  match: [{uri: {exact: /x}}]'))],
    want: ['IST0130 m.yaml:1 VirtualService rule "late" not used (route without matches defined before).'],
  },
  {
    title: 'a rule whose matches were all used before, and each of them',
    documents: [virtualService('a', rules('match: [{uri: {exact: /x}}]', 'match: [{name: again, uri: {exact: /x}}]', ''))],
    want: [
      'IST0130 m.yaml:1 VirtualService rule #1 not used (all matches used by prior rules).',
      'IST0131 m.yaml:1 VirtualService rule #1 match "again" is not used (duplicate/overlapping match in rule #0).',
    ],
  },
  {
    title: 'one used match of two',
    documents: [virtualService('a', rules('match: [{uri: {exact: /x}}]', 'match: [{uri: {exact: /x}}, {uri: {exact: /y}}]'))],
    want: ['IST0131 m.yaml:1 VirtualService rule #1 match #0 is not used (duplicate/overlapping match in rule #0).'],
  },
  {
    title: 'a prefix below an earlier prefix',
    documents: [virtualService('a', rules('match: [{uri: {prefix: /}}]', 'match: [{uri: {prefix: /x}}]'))],
    want: [
      'IST0131 m.yaml:1 VirtualService rule #1 match #0 of prefix /x is not used (duplicate/overlapping match in rule #0 of prefix / on #0).',
    ],
  },
  {
    title: 'nothing where the earlier prefix asks for more',
    documents: [
      virtualService('a', rules('match: [{uri: {prefix: /}, headers: {a: {exact: b}}}]', 'match: [{uri: {prefix: /x}}]')),
    ],
    want: [],
  },
  {
    title: 'nothing where the longer prefix comes first',
    documents: [virtualService('a', rules('match: [{uri: {prefix: /x}}]', 'match: [{uri: {prefix: /}}]', ''))],
    want: [],
  },
];

const GATEWAYS: readonly (readonly [hosts: string, namespace: string, missing: string])[] = [
  ['[x.shop.example]', 'default', ''],
  ['["*.shop.example"]', 'default', ''],
  ['["*.example"]', 'default', ''],
  ['["*"]', 'default', ''],
  ['[x.else.example]', 'default', 'x.else.example'],
  ['[shop.example]', 'default', 'shop.example'],
  ['[x.shop.example, x.else.example]', 'default', 'x.else.example'],
  ['[pay.example]', 'default', 'pay.example'],
  ['[pay.example]', 'other', ''],
];

describe('analyze', () => {
  for (const [code, cases] of Object.entries({ IST0101: REFERENCES, IST0109: CONFLICTS, 'IST0130 and IST0131': RULES })) {
    for (const { title, documents, services, want } of cases) {
      it(`tells with ${code} ${title}`, () => assert.deepEqual(told(documents, services), want));
    }
  }

  for (const [hosts, namespace, missing] of GATEWAYS) {
    it(`tells with IST0132 ${missing || 'nothing'} of ${hosts} in ${namespace}`, () => {
      const rule = virtualService('a', `hosts: ${hosts}\ngateways: [default/edge]\nhttp: [{${route}}]`, namespace);
      const text = `one or more host [${missing}] defined in VirtualService ${namespace}/a not found in Gateway default/edge.`;
      assert.deepEqual(told([rule, gateway]), missing ? [`IST0132 m.yaml:8 ${text}`] : []);
    });
  }

  it('says the worst first, whatever the order of the resources', () => {
    const documents = [
      virtualService(
        'info',
        'hosts: [i]\nhttp:\n- match: [{uri: {prefix: /}}]\n  route: [{destination: {host: i}}]\n- match: [{uri: {prefix: /x}}]\n  route: [{destination: {host: i}}]',
      ),
      virtualService('warning', 'hosts: [w]\nhttp:\n- route: [{destination: {host: w}}]\n- route: [{destination: {host: w}}]'),
      virtualService('error', 'hosts: [e]\nhttp:\n- route: [{destination: {host: e, subset: v9}}]'),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(documents, { minLength: 3 }), (shuffled) => {
        assert.deepEqual(
          told(shuffled).map((line) => line.slice(0, 7)),
          ['IST0101', 'IST0130', 'IST0131'],
        );
      }),
    );
  });
});
