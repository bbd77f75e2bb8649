import type { AddressAttribute, TextAttribute } from './attribute.ts';
import { AllCondition, AnyCondition, type Condition, IpCondition, TextCondition } from './condition.ts';
import type { IpBlock } from './ip-block.ts';

/** A text or an address block by which a rule can be found: a request without it can't match the rule. */
export type Anchor = TextAnchor | AddressAnchor;

export interface TextAnchor {
  readonly attribute: TextAttribute;
  readonly how: 'exact' | 'prefix' | 'suffix';
  readonly text: string;
}

export interface AddressAnchor {
  readonly attribute: AddressAttribute;
  readonly how: 'block';
  readonly block: IpBlock;
}

export function anchorKey(anchor: Anchor): string {
  const value = anchor.how === 'block' ? `${anchor.block.words.join()}/${anchor.block.prefixBits}` : anchor.text;
  return `${anchor.how} ${anchor.attribute.name} ${value}`;
}

/** All anchors anywhere in a condition. */
export function allAnchors(condition: Condition): Anchor[] {
  if (condition instanceof TextCondition) return anchorsOf(condition) ?? [];
  if (condition instanceof IpCondition) return blocksOf(condition);
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
  if (condition instanceof IpCondition) return blocksOf(condition);
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
  const anchors = (how: TextAnchor['how'], texts: Iterable<string>): Anchor[] =>
    [...texts].map((text) => ({ attribute, how, text }));
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

function blocksOf({ attribute, blocks }: IpCondition): Anchor[] {
  return blocks.map((block) => ({ attribute, how: 'block', block }));
}
