import { RuleSet } from '../match/rule-set.ts';
import type { PolicyWorkload } from '../workload.ts';
import { type Action, actionOf, compileRules, isDryRun, type Policy } from './policies.ts';

/** The rules of each action, those of dry runs apart; undefined where there is no policy of that kind at all. */
export interface ActionRules {
  readonly audit: RuleSet | undefined;
  readonly deny: RuleSet | undefined;
  /** Present and empty: nobody is allowed. */
  readonly allow: RuleSet | undefined;
  readonly shadowDeny: RuleSet | undefined;
  readonly shadowAllow: RuleSet | undefined;
}

export function compileActions(policies: readonly Policy[], workload: PolicyWorkload, forTcp: boolean): ActionRules {
  const rulesOf = (action: Action, dryRun: boolean): RuleSet | undefined => {
    const chosen = policies.filter((policy) => actionOf(policy) === action && isDryRun(policy) === dryRun);
    return chosen.length > 0 ? new RuleSet(compileRules(chosen, { workload, forTcp })) : undefined;
  };
  return {
    audit: rulesOf('AUDIT', false),
    deny: rulesOf('DENY', false),
    allow: rulesOf('ALLOW', false),
    shadowDeny: rulesOf('DENY', true),
    shadowAllow: rulesOf('ALLOW', true),
  };
}
