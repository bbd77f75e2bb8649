import { allAnchors, type Anchor, anchorKey, cheapestAnchors } from './anchors.ts';
import { Filing } from './filing.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { firstMatch, type RuleIndex } from './rule-index.ts';
import type { Subject } from './subject.ts';

/**
 * All rules of one action. A rule is filed under the rarest text it can't match without (a path, a principal, a header's value), so that a
 * decision tries few of many; only rules without such a text are tried each time.
 */
export class RuleSet {
  /** In order. */
  readonly rules: readonly CompiledRule[];
  readonly #indexes: readonly RuleIndex[];
  readonly #rest: readonly CompiledRule[];

  constructor(rules: readonly CompiledRule[]) {
    this.rules = [...rules].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
    this.rules.forEach((rule, order) => {
      rule.order = order;
    });
    const counts = countAnchors(this.rules);
    const cost = (anchor: Anchor): number => counts.get(anchorKey(anchor)) ?? 0;
    const filed = new Filing();
    const rest: CompiledRule[] = [];
    for (const rule of this.rules) {
      const anchors = cheapestAnchors(rule.condition, cost);
      if (!anchors) rest.push(rule);
      for (const anchor of anchors ?? []) filed.add(anchor, rule);
    }
    this.#rest = rest;
    this.#indexes = filed.indexes();
  }

  /** The first rule in order that matches. */
  match(subject: Subject): CompiledRule | undefined {
    let best: CompiledRule | undefined;
    for (let i = 0; i < this.#indexes.length; i++) best = (this.#indexes[i] as RuleIndex).first(subject, best);
    return firstMatch(this.#rest, subject, best);
  }
}

function countAnchors(rules: readonly CompiledRule[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { condition } of rules) {
    const keys = new Set(allAnchors(condition).map(anchorKey));
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
