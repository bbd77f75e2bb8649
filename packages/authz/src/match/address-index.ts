import type { Address } from './address.ts';
import type { AddressAnchor } from './anchors.ts';
import type { AddressAttribute } from './attribute.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { masksOf } from './ip-block.ts';
import { firstMatch, type RuleIndex } from './rule-index.ts';
import type { Subject } from './subject.ts';

/** Blocks of one size, found by a hash of the bits that count: a rule that is found by mistake doesn't match. */
interface BlocksOfSize {
  readonly family: 4 | 6;
  readonly masks: Int32Array;
  readonly buckets: Map<number, CompiledRule[]>;
}

/** The rules that an address leads to, at the cost of one look-up for each size of block. */
export class AddressIndex implements RuleIndex {
  readonly #attribute: AddressAttribute;
  readonly #sizes: readonly BlocksOfSize[];

  constructor(attribute: AddressAttribute, entries: readonly (readonly [AddressAnchor, CompiledRule])[]) {
    const sizes = new Map<string, BlocksOfSize>();
    for (const [{ block }, rule] of entries) {
      const { family, prefixBits, words } = block;
      const key = `${family}/${prefixBits}`;
      const size = sizes.get(key) ?? { family, masks: masksOf(prefixBits), buckets: new Map<number, CompiledRule[]>() };
      const hash = hashOf(words, size.masks);
      const bucket = size.buckets.get(hash);
      if (!bucket) size.buckets.set(hash, [rule]);
      else if (bucket.at(-1) !== rule) bucket.push(rule);
      sizes.set(key, size);
    }
    this.#attribute = attribute;
    this.#sizes = [...sizes.values()];
  }

  first(subject: Subject, best: CompiledRule | undefined): CompiledRule | undefined {
    const address: Address = this.#attribute.of(subject);
    let found = best;
    for (let i = 0; i < this.#sizes.length; i++) {
      const { family, masks, buckets } = this.#sizes[i] as BlocksOfSize;
      const bucket = family === address.family ? buckets.get(hashOf(address.words, masks)) : undefined;
      if (bucket) found = firstMatch(bucket, subject, found);
    }
    return found;
  }
}

function hashOf(words: Int32Array, masks: Int32Array): number {
  let hash = 0;
  for (let i = 0; i < 4; i++) hash = (Math.imul(hash, 31) + ((words[i] as number) & (masks[i] as number))) | 0;
  return hash;
}
