import type { TextAttribute } from './attribute.ts';
import { AllCondition, AnyCondition, type Condition, TextCondition } from './condition.ts';

/** A text by which a rule can be found: without it in the request, the rule can't match. */
export interface Anchor {
  readonly attribute: TextAttribute;
  readonly how: 'exact' | 'prefix' | 'suffix';
  readonly text: string;
}

export function anchorKey({ attribute, how, text }: Anchor): string {
  return `${how} ${attribute.name} ${text}`;
}

/** All anchors anywhere in a condition. */
export function allAnchors(condition: Condition): Anchor[] {
  if (condition instanceof TextCondition) return anchorsOf(condition) ?? [];
  if (condition instanceof AllCondition || condition instanceof AnyCondition) return condition.parts.flatMap(allAnchors);
  return [];
}

/**
 * The anchors one of which is in every request that meets the condition, the rarest choice there is. `cost` of an anchor is how many rules
 * share it: about as many are tried when it is found.
 *
 * @returns undefined when the condition can be met without any.
 */
export function cheapestAnchors(condition: Condition, cost: (anchor: Anchor) => number): Anchor[] | undefined {
  if (condition instanceof TextCondition) return anchorsOf(condition);
  if (condition instanceof AnyCondition) {
    const parts = condition.parts.map((part) => cheapestAnchors(part, cost));
    return parts.length > 0 && parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }
  if (!(condition instanceof AllCondition)) return undefined;
  const price = (anchors: readonly Anchor[]): number => Math.max(...anchors.map(cost));
  const choices = condition.parts
    .map((part) => cheapestAnchors(part, cost))
    .filter((part) => part !== undefined && part.length > 0);
  return (choices as Anchor[][]).sort((a, b) => price(a) - price(b))[0];
}

function anchorsOf({ attribute, set }: TextCondition): Anchor[] | undefined {
  if (!set.indexable) return undefined;
  const anchors = (how: Anchor['how'], texts: Iterable<string>): Anchor[] => [...texts].map((text) => ({ attribute, how, text }));
  return [
    ...anchors('exact', set.exact),
    ...anchors('prefix', set.prefixes),
    ...anchors('suffix', set.suffixes),
    ...anchors(
      'prefix',
      set.patterns.map(({ prefix }) => prefix),
    ),
  ];
}
