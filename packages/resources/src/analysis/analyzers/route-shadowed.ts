import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import type { VirtualServiceDraft } from '../destinations.ts';
import { type PlacedRule, rulesOf } from '../http-rules.ts';
import { type MatchingRule, reachability } from '../reach/exact-duplicates.ts';
import { gatewaysOf, matchCovers, matchesAll } from '../reach/match-covers.ts';
import { labelOf } from '../reach/rule-labels.ts';

const LTN0101: CheckDeclaration = {
  code: 'LTN0101',
  level: 'Warning',
  title: 'A rule that earlier ones leave nothing for',
  what: 'Every request that the rule is for is taken by a rule above it. Where IST0130 compares matches letter by letter, this reads them: a prefix takes longer ones and exact paths below it, a missing method is every method.',
  why: 'The first rule that matches answers, so this one never does: the canary gets no traffic, the redirect never happens, and nothing fails.',
  mend: 'Put the narrower rule first.',
  example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop.example.com]
  http:
  - match: [{uri: {prefix: /}}]
    route: [{destination: {host: shop}}]
  - match: [{uri: {exact: /health}}]
    directResponse: {status: 200}`,
};

/** LTN0101: a rule is covered by those before it. What IST0130 says already is not said again. */
export const routeShadowed: Analyzer = {
  name: 'lateen.RouteShadowedAnalyzer',
  description: 'No rule is covered by those before it',
  checks: [LTN0101],
  analyze: ({ of }) => of('VirtualService').flatMap(shadowedRules),
};

function shadowedRules(service: VirtualServiceDraft): Finding[] {
  const rules = rulesOf(service);
  const known = new Set(reachability(rules.map(({ rule }) => rule as MatchingRule)).unreachable.map(({ rule }) => rule));
  return rules.flatMap((placed) => {
    if (known.has(placed.index)) return [];
    const before = rules.slice(0, placed.index).filter(({ rule }) => !rule.delegate);
    const covering = coveringRule(before, placed);
    if (!covering) return [];
    const message = `rule ${labelOf(placed.rule, placed.index)} never answers: rule ${labelOf(covering.rule, covering.index)} takes all it is for`;
    return [ownFinding(LTN0101, service, placed.pointer, message, 'put the narrower rule first')];
  });
}

/** The rule that takes the last of what this one is for; undefined when something is left. */
function coveringRule(before: readonly PlacedRule[], { service, rule: { match = [] } }: PlacedRule): PlacedRule | undefined {
  const gateways = gatewaysOf(service);
  const taker = (takes: (earlier: NonNullable<PlacedRule['rule']['match']>[number]) => boolean) =>
    before.find(({ rule }) => (rule.match ?? []).some(takes));
  if (match.length === 0) return taker((earlier) => matchesAll(earlier, gateways));
  const takers = match.map((block) => taker((earlier) => matchCovers(earlier, block, gateways)));
  return takers.every((found) => found !== undefined) ? takers.at(-1) : undefined;
}
