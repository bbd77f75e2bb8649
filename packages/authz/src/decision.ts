import type { RuleOrigin } from '@lateen/core';

/** What a rule set that only watches (dry run) would have said. */
export interface ShadowResult {
  readonly result: 'allowed' | 'denied';
  /** The rule that matched, if one did. */
  readonly policyId: string | undefined;
}

/** The answer to "may it?". Shared and frozen where it can be: compare, log, never change. */
export interface Decision {
  readonly allowed: boolean;
  /** The rule that decided, `ns[foo]-policy[name]-rule[0]`; undefined when none matched. */
  readonly policyId: string | undefined;
  /** Where that rule stands. */
  readonly origin: RuleOrigin | undefined;
  /** Envoy's words for the access log; empty when allowed. */
  readonly details: string;
  /** The AUDIT rule that matched. */
  readonly auditedBy: string | undefined;
  readonly dryRun: { readonly allow?: ShadowResult; readonly deny?: ShadowResult } | undefined;
}

/** Body of the 403. */
export const ACCESS_DENIED = 'RBAC: access denied';

/** No rule had anything to say. */
export const ALLOWED: Decision = allowedBy(undefined, undefined);

/** Some ALLOW policy holds here, and none of its rules matched. */
export const DENIED_BY_NONE: Decision = deniedBy('none', undefined, undefined);

export function allowedBy(policyId: string | undefined, origin: RuleOrigin | undefined): Decision {
  return Object.freeze({ allowed: true, policyId, origin, details: '', auditedBy: undefined, dryRun: undefined });
}

/** @param named what the details name: the id, or `none`. */
export function deniedBy(named: string, policyId: string | undefined, origin: RuleOrigin | undefined): Decision {
  const details = `rbac_access_denied_matched_policy[${named}]`;
  return Object.freeze({ allowed: false, policyId, origin, details, auditedBy: undefined, dryRun: undefined });
}
