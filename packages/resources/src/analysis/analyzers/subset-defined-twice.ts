import type { Finding } from '../../finding.ts';
import type { DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { fullName } from '../full-name.ts';
import { groupBy } from '../group-by.ts';
import { qualifiedHost } from '../world/hosts.ts';

const LTN0121: CheckDeclaration = {
  code: 'LTN0121',
  level: 'Warning',
  title: 'A subset that two DestinationRules define',
  what: 'Two DestinationRules of a namespace define a subset of one name for one host.',
  why: 'Subsets of several rules are put together, but not those of one name: the first counts, and the other is dropped without a word.',
  mend: 'Name one of them otherwise, or keep one rule per host.',
  example: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart-a}
spec:
  host: cart
  subsets: [{name: v1, labels: {version: v1}}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart-b}
spec:
  host: cart
  subsets: [{name: v1, labels: {track: stable}}]`,
  kiali: ['KIA0201'],
};

const LTN0133: CheckDeclaration = {
  code: 'LTN0133',
  level: 'Warning',
  title: 'Two DestinationRules with a policy for one host',
  what: 'Two DestinationRules of a namespace have a `trafficPolicy` for one host.',
  why: 'The older one counts. What the other says of limits, TLS and balancing is not in force, though it is there to be read.',
  mend: 'Put both into one rule.',
  example: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart-a}
spec:
  host: cart
  trafficPolicy: {loadBalancer: {simple: RANDOM}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart-b}
spec:
  host: cart
  trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}`,
  kiali: ['KIA0201'],
};

type Rule = DraftResource<'DestinationRule'>;

/** LTN0121, LTN0133: what a second DestinationRule of a host says again does not count. */
export const subsetDefinedTwice: Analyzer = {
  name: 'lateen.DestinationRulesOfHostAnalyzer',
  description: 'DestinationRules of one host do not contradict each other',
  checks: [LTN0121, LTN0133],
  analyze({ of }) {
    const general = of('DestinationRule').filter(({ spec }) => !spec.workloadSelector);
    const rivals = groupBy(
      general,
      ({ spec, metadata: { namespace } }) => `${namespace} ${qualifiedHost(spec.host ?? '', namespace)}`,
    );
    return [...rivals.values()].flatMap((rules) => [...repeatedSubsets(rules), ...repeatedPolicies(rules)]);
  },
};

function repeatedSubsets(rules: readonly Rule[]): Finding[] {
  const first = new Map<string, Rule>();
  return rules.flatMap((rule) =>
    (rule.spec.subsets ?? []).flatMap(({ name = '' }, index): Finding[] => {
      const earlier = first.get(name);
      if (!earlier) first.set(name, rule);
      if (!earlier || earlier === rule) return [];
      const message = `subset ${name} is defined by DestinationRule ${fullName(earlier)} already; one of the two is dropped`;
      return [ownFinding(LTN0121, rule, `/spec/subsets/${index}/name`, message, 'name it otherwise, or keep one rule per host')];
    }),
  );
}

function repeatedPolicies(rules: readonly Rule[]): Finding[] {
  const [first, ...more] = rules.filter(({ spec }) => spec.trafficPolicy);
  return more.map((rule) => {
    const message = `DestinationRule ${fullName(first as Rule)} has a trafficPolicy for this host too; one of the two is not in force`;
    return ownFinding(LTN0133, rule, '/spec/trafficPolicy', message, 'put both into one rule');
  });
}
