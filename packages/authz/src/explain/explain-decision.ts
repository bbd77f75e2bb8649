import type { RuleOrigin } from '@lateen/core';
import type { ActionRules } from '../compile/action-rules.ts';
import type { CustomVerdict } from '../custom/custom-rules.ts';
import { decide } from '../decide.ts';
import type { Decision } from '../decision.ts';
import type { CompiledRule } from '../match/compiled-rule.ts';
import type { RuleSet } from '../match/rule-set.ts';
import type { Subject } from '../match/subject.ts';

/** One rule's part in a decision. */
export interface RuleExplanation {
  readonly action: 'ALLOW' | 'DENY' | 'AUDIT';
  readonly policyId: string;
  readonly origin: RuleOrigin;
  readonly matched: boolean;
  /** It only watches. */
  readonly dryRun: boolean;
  /** What does not hold, as written: `paths: ["/a"]`. */
  readonly unmet: readonly string[];
}

export interface AuthorizationExplanation {
  readonly decision: Decision;
  readonly custom: CustomVerdict | undefined;
  readonly rules: readonly RuleExplanation[];
  /** For a refusal that no DENY rule made: the ALLOW rules by how little they lack, first the one that lacks least. */
  readonly wouldAllow: readonly RuleExplanation[];
}

export function explainDecision(
  actions: ActionRules,
  custom: CustomVerdict | undefined,
  subject: Subject,
): AuthorizationExplanation {
  const rules = [
    ...explainRules('AUDIT', false, actions.audit, subject),
    ...explainRules('DENY', false, actions.deny, subject),
    ...explainRules('DENY', true, actions.shadowDeny, subject),
    ...explainRules('ALLOW', false, actions.allow, subject),
    ...explainRules('ALLOW', true, actions.shadowAllow, subject),
  ];
  const decision = decide(actions, subject);
  const refusedByNone = !decision.allowed && decision.policyId === undefined;
  const wouldAllow = rules
    .filter(({ action, dryRun }) => refusedByNone && action === 'ALLOW' && !dryRun)
    .sort((a, b) => a.unmet.length - b.unmet.length);
  return { decision, custom, rules, wouldAllow };
}

function explainRules(
  action: RuleExplanation['action'],
  dryRun: boolean,
  set: RuleSet | undefined,
  subject: Subject,
): RuleExplanation[] {
  return (set?.rules ?? []).map((rule: CompiledRule) => {
    const unmet = rule.condition.parts.filter((part) => !part.matches(subject)).map(({ text }) => text);
    return { action, policyId: rule.id, origin: rule.origin, matched: unmet.length === 0, dryRun, unmet };
  });
}
