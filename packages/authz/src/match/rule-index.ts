import type { CompiledRule } from './compiled-rule.ts';
import type { Subject } from './subject.ts';

/** Rules filed by one attribute. */
export interface RuleIndex {
  /** The first rule that matches and comes before `best`, else `best`. */
  first(subject: Subject, best: CompiledRule | undefined): CompiledRule | undefined;
}

/** Rules in their order, all of which have one anchor. */
export type Bucket = readonly CompiledRule[];

/** The first of `rules`, which are in order, that matches and comes before `best`, else `best`. */
export function firstMatch(
  rules: readonly CompiledRule[],
  subject: Subject,
  best: CompiledRule | undefined,
): CompiledRule | undefined {
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i] as CompiledRule;
    if (best !== undefined && rule.order >= best.order) return best;
    if (rule.matches(subject)) return rule;
  }
  return best;
}
