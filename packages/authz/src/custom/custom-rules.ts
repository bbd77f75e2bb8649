import type { RuleOrigin } from '@lateen/core';
import { compileRules, type Policy, ruleId } from '../compile/policies.ts';
import type { Decision } from '../decision.ts';
import { deniedBy } from '../decision.ts';
import { RuleSet } from '../match/rule-set.ts';
import type { Subject } from '../match/subject.ts';
import type { PolicyWorkload } from '../workload.ts';
import { type ExtAuthzProvider, type ExtensionProviderSettings, resolveProvider } from './provider.ts';

/** What CUSTOM policies say of a request: whom to ask, or that it is refused because there is nobody to ask. */
export type CustomVerdict =
  | { readonly kind: 'ask'; readonly provider: ExtAuthzProvider; readonly policyId: string; readonly origin: RuleOrigin }
  | { readonly kind: 'refused'; readonly decision: Decision };

export interface CustomOptions {
  /** `meshConfig.extensionProviders`. */
  readonly extensionProviders?: readonly ExtensionProviderSettings[];
  /** Whether the mesh knows a host; default: every one. */
  readonly knowsService?: (host: string) => boolean;
}

/** The CUSTOM policies of a workload. They come before tokens are looked at. */
export class CustomRules {
  readonly #rules: RuleSet;
  readonly #verdicts: ReadonlyMap<string, CustomVerdict>;
  /** Why their requests are refused; undefined where the provider can be asked. */
  readonly problem: string | undefined;

  constructor(policies: readonly Policy[], workload: PolicyWorkload, options: CustomOptions, forTcp = false) {
    const names = [...new Set(policies.map(({ spec }) => spec.provider?.name ?? ''))];
    const resolved = oneProvider(names, options);
    const idOf: typeof ruleId = (policy, index) => `istio-ext-authz-${policy.spec.provider?.name ?? ''}-${ruleId(policy, index)}`;
    this.problem = typeof resolved === 'string' ? resolved : undefined;
    this.#rules = new RuleSet(compileRules(policies, { workload, forTcp, idOf }));
    this.#verdicts = new Map(
      this.#rules.rules.map(({ id, origin }): [string, CustomVerdict] => {
        const policyId = id.slice(id.indexOf('ns['));
        if (typeof resolved !== 'string') return [id, { kind: 'ask', provider: resolved, policyId, origin }];
        return [id, { kind: 'refused', decision: deniedBy(`${id}-deny-due-to-bad-CUSTOM-action`, policyId, origin) }];
      }),
    );
  }

  /** Undefined for requests that no CUSTOM rule is about. */
  verdict(subject: Subject): CustomVerdict | undefined {
    const rule = this.#rules.match(subject);
    return rule && this.#verdicts.get(rule.id);
  }
}

/** Istio asks one provider for a workload; several refuse all that any of them is to be asked about. */
function oneProvider(names: readonly string[], options: CustomOptions): ExtAuthzProvider | string {
  const [name = '', ...others] = names;
  if (others.length > 0) return `CUSTOM policies of one workload name several providers: ${names.join(', ')}`;
  return resolveProvider(name, options.extensionProviders ?? [], options.knowsService ?? (() => true));
}
