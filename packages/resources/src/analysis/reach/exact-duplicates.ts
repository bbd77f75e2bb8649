import { isDeepStrictEqual } from 'node:util';
import { labelOf } from './rule-labels.ts';

/** A rule for HTTP, TCP or TLS, as far as it is asked whether it can be reached. */
export interface MatchingRule {
  readonly name?: string | undefined;
  readonly match?: readonly NamedMatch[] | undefined;
}

export interface NamedMatch {
  readonly name?: string | undefined;
}

export interface Reachability {
  /** Why no request comes to the rule; of each rule that none comes to. */
  readonly unreachable: readonly { readonly rule: number; readonly reason: string }[];
  /** Matches that an earlier one repeats. */
  readonly repeated: readonly { readonly rule: number; readonly match: number; readonly earlierRule: number }[];
  /** Matches that are neither repeated nor behind a rule without match. */
  readonly effective: readonly { readonly rule: number; readonly match: number }[];
}

/** istioctl's algorithm for the rules of one protocol: after a rule without match nothing counts, and of equal matches the first. */
export function reachability(rules: readonly MatchingRule[]): Reachability {
  const unreachable: { rule: number; reason: string }[] = [];
  const repeated: { rule: number; match: number; earlierRule: number }[] = [];
  const effective: { rule: number; match: number; conditions: NamedMatch }[] = [];
  let hasCatchAll = false;
  for (const [rule, { match: matches = [] }] of rules.entries()) {
    if (hasCatchAll) {
      unreachable.push({
        rule,
        reason: matches.length === 0 ? 'only the last rule can have no matches' : 'route without matches defined before',
      });
      continue;
    }
    hasCatchAll = matches.length === 0;
    let repeats = 0;
    for (const [match, { name: _name, ...conditions }] of matches.entries()) {
      const earlier = effective.find((one) => isDeepStrictEqual(one.conditions, conditions));
      if (earlier) {
        repeats++;
        repeated.push({ rule, match, earlierRule: earlier.rule });
      } else effective.push({ rule, match, conditions });
    }
    if (repeats > 0 && repeats === matches.length) unreachable.push({ rule, reason: 'all matches used by prior rules' });
  }
  return { unreachable, repeated, effective };
}

/** `VirtualService rule #1 match #0`. */
export function matchText(rules: readonly MatchingRule[], rule: number, match: number): string {
  const found = rules[rule];
  return `VirtualService rule ${labelOf(found ?? {}, rule)} match ${labelOf(found?.match?.[match] ?? {}, match)}`;
}
