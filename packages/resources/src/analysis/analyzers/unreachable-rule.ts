import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import type { VirtualServiceDraft } from '../destinations.ts';
import { type MatchingRule, matchText, reachability } from '../reach/exact-duplicates.ts';
import { labelOf } from '../reach/rule-labels.ts';
import { resourceFinding } from '../value-finding.ts';

/** IST0130: a rule that no request can reach. IST0131: a match that an earlier one repeats. */
export const unreachableRule: Analyzer = {
  name: 'schema.ValidationAnalyzer.VirtualService',
  description: 'Every rule of a VirtualService can be reached',
  analyze: ({ of }) =>
    of('VirtualService').flatMap((service) =>
      (['http', 'tcp', 'tls'] as const).flatMap((protocol) =>
        problems(service, (service.spec[protocol] ?? []) as readonly MatchingRule[]),
      ),
    ),
};

function problems(service: VirtualServiceDraft, rules: readonly MatchingRule[]): Finding[] {
  const { unreachable, repeated } = reachability(rules);
  return [
    ...unreachable.map(({ rule, reason }) =>
      resourceFinding('IST0130', service, `VirtualService rule ${labelOf(rules[rule] ?? {}, rule)} not used (${reason}).`),
    ),
    ...repeated.map(({ rule, match, earlierRule }) => {
      const earlier = labelOf(rules[earlierRule] ?? {}, earlierRule);
      const message = `${matchText(rules, rule, match)} is not used (duplicate/overlapping match in rule ${earlier}).`;
      return resourceFinding('IST0131', service, message);
    }),
  ];
}
