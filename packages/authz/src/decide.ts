import type { ActionRules } from './compile/action-rules.ts';
import { ALLOWED, type Decision, DENIED_BY_NONE, type ShadowResult } from './decision.ts';
import type { RuleSet } from './match/rule-set.ts';
import type { Subject } from './match/subject.ts';

/** DENY before ALLOW; AUDIT and dry runs only watch. Allocates nothing unless there are some of those. */
export function decide(rules: ActionRules, subject: Subject): Decision {
  if (rules.audit || rules.shadowDeny || rules.shadowAllow) return watched(rules, subject);
  return rules.deny?.match(subject)?.decision ?? allow(rules, subject);
}

function allow({ allow: rules }: ActionRules, subject: Subject): Decision {
  if (!rules) return ALLOWED;
  return rules.match(subject)?.decision ?? DENIED_BY_NONE;
}

/** As Envoy's filters stand: a request that DENY refuses never comes to what ALLOW's dry run would have said. */
function watched(rules: ActionRules, subject: Subject): Decision {
  const audited = rules.audit?.match(subject);
  const deny = rules.shadowDeny && shadow(rules.shadowDeny, subject, 'denied', 'allowed');
  const refusal = rules.deny?.match(subject)?.decision;
  const allowed = !refusal && rules.shadowAllow && shadow(rules.shadowAllow, subject, 'allowed', 'denied');
  const decision = refusal ?? allow(rules, subject);
  return {
    ...decision,
    auditedBy: audited?.id,
    dryRun: deny || allowed ? { ...(allowed && { allow: allowed }), ...(deny && { deny }) } : undefined,
  };
}

function shadow(
  rules: RuleSet,
  subject: Subject,
  matched: ShadowResult['result'],
  otherwise: ShadowResult['result'],
): ShadowResult {
  const policyId = rules.match(subject)?.id;
  return { result: policyId === undefined ? otherwise : matched, policyId };
}
