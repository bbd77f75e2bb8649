import type { RuleOrigin } from '@lateen/core';
import type { Decision } from '../decision.ts';
import type { AllCondition } from './condition.ts';
import type { Subject } from './subject.ts';

/** One rule of a policy, ready to be asked. */
export interface RuleParts {
  /** `ns[foo]-policy[name]-rule[0]` */
  readonly id: string;
  readonly origin: RuleOrigin;
  /** One of `from`, one of `to`, all of `when`. */
  readonly condition: AllCondition;
  /** What it means when it matches. */
  readonly decision: Decision;
}

export class CompiledRule {
  readonly id: string;
  readonly origin: RuleOrigin;
  readonly condition: AllCondition;
  readonly decision: Decision;
  /** Of several rules that match, the one with the lowest order is named: that of the ids' code units, as in Envoy's sorted map. */
  order = 0;

  constructor(parts: RuleParts) {
    this.id = parts.id;
    this.origin = parts.origin;
    this.condition = parts.condition;
    this.decision = parts.decision;
  }

  matches(subject: Subject): boolean {
    return this.condition.matches(subject);
  }
}
