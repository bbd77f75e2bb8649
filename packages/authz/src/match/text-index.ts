import { AffixTree } from './affix-tree.ts';
import type { TextAnchor } from './anchors.ts';
import type { TextAttribute } from './attribute.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { type Bucket, firstMatch, type RuleIndex } from './rule-index.ts';
import type { Subject } from './subject.ts';

/** The rules that a text of one attribute leads to. */
export class TextIndex implements RuleIndex {
  readonly #attribute: TextAttribute;
  readonly #exact: ReadonlyMap<string, Bucket>;
  readonly #prefixes: AffixTree<Bucket> | undefined;
  readonly #suffixes: AffixTree<Bucket> | undefined;
  /** The request being decided; kept here so that visiting a bucket needs no closure of its own. */
  #subject: Subject | undefined;

  constructor(attribute: TextAttribute, entries: readonly (readonly [TextAnchor, CompiledRule])[]) {
    this.#attribute = attribute;
    this.#exact = buckets(entries, 'exact');
    const prefixes = buckets(entries, 'prefix');
    const suffixes = buckets(entries, 'suffix');
    this.#prefixes = prefixes.size > 0 ? new AffixTree([...prefixes], 'start') : undefined;
    this.#suffixes = suffixes.size > 0 ? new AffixTree([...suffixes], 'end') : undefined;
  }

  first(subject: Subject, best: CompiledRule | undefined): CompiledRule | undefined {
    this.#subject = subject;
    let found = best;
    const count = this.#attribute.count(subject);
    for (let i = 0; i < count; i++) {
      const text = this.#attribute.at(subject, i);
      if (text === undefined) continue;
      const bucket = this.#exact.get(text);
      if (bucket) found = this.#visit(bucket, found);
      if (this.#prefixes) found = this.#prefixes.fold(text, found, this.#visit);
      if (this.#suffixes) found = this.#suffixes.fold(text, found, this.#visit);
    }
    return found;
  }

  readonly #visit = (bucket: Bucket, best: CompiledRule | undefined): CompiledRule | undefined =>
    firstMatch(bucket, this.#subject as Subject, best);
}

function buckets(entries: readonly (readonly [TextAnchor, CompiledRule])[], how: TextAnchor['how']): ReadonlyMap<string, Bucket> {
  const found = new Map<string, CompiledRule[]>();
  for (const [anchor, rule] of entries) {
    if (anchor.how !== how) continue;
    const bucket = found.get(anchor.text);
    if (!bucket) found.set(anchor.text, [rule]);
    else if (bucket.at(-1) !== rule) bucket.push(rule);
  }
  return found;
}
