import type { Finding } from '../../finding.ts';
import { findingAt } from '../../make-finding.ts';
import type { Analyzer } from '../analyzer.ts';
import type { VirtualServiceResource } from '../destinations.ts';
import { type HttpRule, isCatchAll, overlapOf, ruleLabel } from '../rule-overlap.ts';

/** IST0130: a rule that no request can reach. */
export const unreachableRule: Analyzer = {
  name: 'every rule of a VirtualService can be reached',
  analyze: (context) => context.of('VirtualService').flatMap(unreachableRules),
};

function unreachableRules(resource: VirtualServiceResource): Finding[] {
  const rules = resource.spec.http ?? [];
  const firstCatchAll = rules.findIndex(isCatchAll);
  return rules.flatMap((rule, index) => {
    const reason = whyUnreachable(rules, rule, index, firstCatchAll);
    return reason
      ? [findingAt('IST0130', resource, '', `VirtualService rule ${ruleLabel(rule, index)} not used (${reason}).`)]
      : [];
  });
}

function whyUnreachable(rules: readonly HttpRule[], rule: HttpRule, index: number, firstCatchAll: number): string | undefined {
  const afterCatchAll = firstCatchAll !== -1 && index > firstCatchAll;
  if (afterCatchAll) return isCatchAll(rule) ? 'only the last rule can have no matches' : 'route without matches defined before';
  if (isCatchAll(rule)) return undefined;
  const before = rules.slice(0, index).flatMap((earlier) => earlier.match ?? []);
  const allUsed = (rule.match ?? []).every((match) => before.some((earlier) => overlapOf(earlier, match)?.kind === 'same'));
  return allUsed ? 'all matches used by prior rules' : undefined;
}
