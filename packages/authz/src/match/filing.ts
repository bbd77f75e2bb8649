import { AddressIndex } from './address-index.ts';
import type { AddressAnchor, Anchor, TextAnchor } from './anchors.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { RuleIndex } from './rule-index.ts';
import { TextIndex } from './text-index.ts';

/** Rules on their way into indexes, one index for each attribute. */
export class Filing {
  readonly #texts = new Map<string, (readonly [TextAnchor, CompiledRule])[]>();
  readonly #addresses = new Map<string, (readonly [AddressAnchor, CompiledRule])[]>();

  add(anchor: Anchor, rule: CompiledRule): void {
    if (anchor.how === 'block') append(this.#addresses, anchor.attribute.name, [anchor, rule]);
    else append(this.#texts, anchor.attribute.name, [anchor, rule]);
  }

  indexes(): readonly RuleIndex[] {
    return [
      ...[...this.#texts.values()].map((entries) => new TextIndex(attributeOf(entries), entries)),
      ...[...this.#addresses.values()].map((entries) => new AddressIndex(attributeOf(entries), entries)),
    ];
  }
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function attributeOf<A>(entries: readonly (readonly [{ readonly attribute: A }, CompiledRule])[]): A {
  return (entries[0] as readonly [{ readonly attribute: A }, CompiledRule])[0].attribute;
}
