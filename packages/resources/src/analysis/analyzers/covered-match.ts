import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import type { VirtualServiceDraft } from '../destinations.ts';
import { matchText, reachability, type MatchingRule } from '../reach/exact-duplicates.ts';
import { gatewaysOf, type HttpRule, type MatchBlock, matchCovers } from '../reach/match-covers.ts';
import { labelOf } from '../reach/rule-labels.ts';
import { resourceFinding } from '../value-finding.ts';

/**
 * IST0131: an earlier match takes all that a later one would. Unlike istioctl, which compares prefixes only and takes them for covering where methods,
 * regular expressions or gateways differ, this is said of all kinds of matches and only where it is sure.
 */
export const coveredMatch: Analyzer = {
  name: 'schema.ValidationAnalyzer.VirtualService',
  description: 'No match takes all that a later one would',
  analyze: ({ of }) => of('VirtualService').flatMap(coveredMatches),
};

interface Place {
  readonly rule: number;
  readonly match: number;
  readonly block: MatchBlock;
}

function coveredMatches(service: VirtualServiceDraft): Finding[] {
  const rules = (service.spec.http ?? []) as readonly HttpRule[];
  const places = reachability(rules as readonly MatchingRule[]).effective.map(
    ({ rule, match }): Place => ({ rule, match, block: rules[rule]?.match?.[match] ?? {} }),
  );
  return places.flatMap((later, index) => {
    const covering = places
      .slice(0, index)
      .filter((earlier) => !rules[earlier.rule]?.delegate && matchCovers(earlier.block, later.block, gatewaysOf(service)));
    const byPrefix = covering.filter((earlier) => isShorterPrefix(earlier.block, later.block));
    if (byPrefix.length > 0) return byPrefix.map((earlier) => prefixFinding(service, rules, earlier, later));
    return covering.slice(0, 1).map((earlier) => coverFinding(service, rules, earlier, later));
  });
}

function isShorterPrefix({ uri: wide }: MatchBlock, { uri: narrow }: MatchBlock): boolean {
  return wide?.prefix !== undefined && narrow?.prefix !== undefined && wide.prefix !== narrow.prefix;
}

/** istioctl's words, in which the names of rule and match have changed places. */
function prefixFinding(service: VirtualServiceDraft, rules: readonly HttpRule[], earlier: Place, later: Place): Finding {
  const match = labelOf(rules[earlier.rule]?.match?.[earlier.match] ?? {}, earlier.match);
  const rule = labelOf(rules[earlier.rule] ?? {}, earlier.rule);
  const message =
    `${matchText(rules as readonly MatchingRule[], later.rule, later.match)} of prefix ${later.block.uri?.prefix} is not used ` +
    `(duplicate/overlapping match in rule ${match} of prefix ${earlier.block.uri?.prefix} on ${rule}).`;
  return resourceFinding('IST0131', service, message);
}

function coverFinding(service: VirtualServiceDraft, rules: readonly HttpRule[], earlier: Place, later: Place): Finding {
  const rule = labelOf(rules[earlier.rule] ?? {}, earlier.rule);
  const what = matchText(rules as readonly MatchingRule[], later.rule, later.match);
  return resourceFinding('IST0131', service, `${what} is not used (duplicate/overlapping match in rule ${rule}).`);
}
