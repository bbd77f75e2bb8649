import type { Finding } from '../../finding.ts';
import { findingAt } from '../../make-finding.ts';
import type { Analyzer } from '../analyzer.ts';
import type { VirtualServiceResource } from '../destinations.ts';
import { type HttpRule, type MatchBlock, matchLabel, overlapOf, ruleLabel } from '../rule-overlap.ts';

/** IST0131: a match that an earlier rule's match has used up. */
export const ineffectiveMatch: Analyzer = {
  name: 'every match of a rule can be reached',
  analyze: (context) => context.of('VirtualService').flatMap(ineffectiveMatches),
};

function ineffectiveMatches(resource: VirtualServiceResource): Finding[] {
  const rules = resource.spec.http ?? [];
  return rules.flatMap((rule, index) =>
    (rule.match ?? []).flatMap((match, position) => {
      const used = usedBefore(rules, index, match);
      if (!used) return [];
      const message = `VirtualService rule ${ruleLabel(rule, index)} match ${matchLabel(match, position)} ${used}`;
      return [findingAt('IST0131', resource, '', message)];
    }),
  );
}

function usedBefore(rules: readonly HttpRule[], index: number, match: MatchBlock): string | undefined {
  for (const [ruleIndex, earlier] of rules.slice(0, index).entries()) {
    for (const [position, block] of (earlier.match ?? []).entries()) {
      const overlap = overlapOf(block, match);
      const rule = ruleLabel(earlier, ruleIndex);
      if (overlap?.kind === 'same') return `is not used (duplicate/overlapping match in rule ${rule}).`;
      if (overlap) {
        return `of prefix ${overlap.covered} is not used (duplicate/overlapping match in rule ${rule} of prefix ${overlap.covering} on ${matchLabel(block, position)}).`;
      }
    }
  }
  return undefined;
}
