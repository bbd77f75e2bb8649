import type { Draft } from '../../analysis/draft.ts';
import type { AuthorizationPolicySpec } from '../../kinds/index.ts';
import { FIELD_WITHOUT_EFFECT, POLICY_WITHOUT_EFFECT } from '../checks.ts';
import type { About, Report } from '../report.ts';
import { each } from '../shared/each.ts';
import { policyTargetsRule } from '../shared/policy-targets.ts';
import { conditionRule } from './conditions.ts';
import { customActionRule } from './custom-action.ts';
import { operationRule } from './operation.ts';
import { rawConnectionRule } from './raw-connections.ts';
import { sourceRule } from './source.ts';

export type AuthorizationPolicyDraft = Draft<AuthorizationPolicySpec>;
export type PolicyRule = NonNullable<AuthorizationPolicyDraft['rules']>[number];
export type Source = NonNullable<NonNullable<PolicyRule['from']>[number]['source']>;
export type Operation = NonNullable<NonNullable<PolicyRule['to']>[number]['operation']>;

/** What Istio's validation says of an AuthorizationPolicy beyond the schema, and what it had better said. */
export function authorizationPolicyRules(spec: AuthorizationPolicyDraft, _about: About, report: Report): void {
  policyTargetsRule(spec, report);
  actionRule(spec, report);
  customActionRule(spec, report);
  for (const [rule, at, index] of each(spec.rules, '/rules')) {
    for (const side of ['from', 'to'] as const)
      if (rule[side]?.length === 0)
        report.own(
          FIELD_WITHOUT_EFFECT,
          `${at}/${side}`,
          `an empty ${side} means any`,
          'take it out, or write who or what is meant',
        );
    for (const [{ source }, place] of each(rule.from, `${at}/from`))
      if (source) sourceRule(source, index, `${place}/source`, report);
      else report.error(place, `\`from.source\` must not be nil, found at rule ${index}`, 'write source');
    for (const [{ operation }, place] of each(rule.to, `${at}/to`))
      if (operation) operationRule(operation, index, `${place}/operation`, report);
      else report.error(place, `\`to.operation\` must not be nil, found at rule ${index}`, 'write operation');
    for (const [condition, place] of each(rule.when, `${at}/when`)) conditionRule(condition, place, report);
    if (spec.action === 'DENY') rawConnectionRule(rule, at, report);
  }
}

/** Without rules an ALLOW lets nobody in, and every other action does nothing. */
function actionRule({ action = 'ALLOW', provider, rules }: AuthorizationPolicyDraft, report: Report): void {
  if (provider && action !== 'CUSTOM')
    report.error('/provider', `\`provider\` must not be with non CUSTOM action, found ${action}`);
  if (rules?.length || action === 'ALLOW') return;
  const message = `${action} action without \`rules\` is meaningless as it will never be triggered`;
  const mend = 'add an empty rule `{}` if you want it be triggered for every request';
  if (action === 'AUDIT') report.own(POLICY_WITHOUT_EFFECT, '', message, mend);
  else report.error('', message, mend);
}
