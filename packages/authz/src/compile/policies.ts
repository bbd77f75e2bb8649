import { type AuthorizationPolicySpec, originOf, type Resource, type Revision } from '@lateen/resources';
import { allowedBy, deniedBy } from '../decision.ts';
import { CompiledRule } from '../match/compiled-rule.ts';
import { appliesTo, type PolicyWorkload } from '../workload.ts';
import { compileCondition } from './compile-condition.ts';

export type Policy = Resource<string, AuthorizationPolicySpec>;
export type Action = NonNullable<AuthorizationPolicySpec['action']>;

/** The AuthorizationPolicies of a revision that hold for the workload. */
export function policiesFor({ resources }: Revision, workload: PolicyWorkload): readonly Policy[] {
  return (resources as readonly Policy[]).filter(
    (policy) => policy.kind === 'AuthorizationPolicy' && appliesTo(policy, workload),
  );
}

export function actionOf({ spec }: Policy): Action {
  return spec.action ?? 'ALLOW';
}

/** Whether the policy only watches: `istio.io/dry-run`, in the spellings of a boolean that Go reads. */
export function isDryRun({ metadata }: Policy): boolean {
  return ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(metadata.annotations['istio.io/dry-run'] ?? '');
}

/** `ns[foo]-policy[name]-rule[0]` */
export function ruleId({ metadata: { namespace, name } }: Policy, index: number): string {
  return `ns[${namespace}]-policy[${name}]-rule[${index}]`;
}

/** @param named how a decision of a rule names it in the details, and by its id. */
export function compileRules(
  policies: readonly Policy[],
  { workload, forTcp, idOf = ruleId }: { workload: PolicyWorkload; forTcp: boolean; idOf?: typeof ruleId },
): CompiledRule[] {
  return policies.flatMap((policy) => {
    const allows = actionOf(policy) === 'ALLOW';
    const mode = { workload, namespace: policy.metadata.namespace, forTcp, strict: allows };
    return (policy.spec.rules ?? []).flatMap((rule, index) => {
      const condition = compileCondition(rule, mode);
      if (!condition) return [];
      const id = idOf(policy, index);
      const origin = originOf(policy, `/spec/rules/${index}`);
      const decision = allows ? allowedBy(id, origin) : deniedBy(id, id, origin);
      return [new CompiledRule({ id, origin, condition, decision })];
    });
  });
}
