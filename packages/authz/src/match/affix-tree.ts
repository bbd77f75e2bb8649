/** Which end of a text the tree reads from. */
export type End = 'start' | 'end';

interface Node<T> {
  /** What has to follow what the nodes above matched. */
  readonly affix: string;
  readonly value: T | undefined;
  readonly children: ReadonlyMap<number, Node<T>> | undefined;
}

/** A radix tree: all of many prefixes (or suffixes) that a text has, at the cost of its longest. */
export class AffixTree<T> {
  readonly #root: Node<T>;
  readonly #fromEnd: boolean;

  constructor(entries: readonly (readonly [string, T])[], end: End) {
    this.#fromEnd = end === 'end';
    this.#root = build(entries, this.#fromEnd, 0);
  }

  /** Hands the values of the prefixes that `text` has to `visit`, shortest first, each time with what the visit before gave back. */
  fold<State>(text: string, state: State, visit: (value: T, state: State) => State): State {
    let node: Node<T> | undefined = this.#root;
    let read = 0;
    let folded = state;
    while (node) {
      const { affix }: Node<T> = node;
      if (!(this.#fromEnd ? text.endsWith(affix, text.length - read) : text.startsWith(affix, read))) break;
      read += affix.length;
      if (node.value !== undefined) folded = visit(node.value, folded);
      if (!node.children || read >= text.length) break;
      node = node.children.get(text.charCodeAt(this.#fromEnd ? text.length - 1 - read : read));
    }
    return folded;
  }
}

function build<T>(entries: readonly (readonly [string, T])[], fromEnd: boolean, read: number): Node<T> {
  const end = read + commonLength(entries, fromEnd, read);
  const first = entries[0]?.[0] ?? '';
  const affix = fromEnd ? first.slice(first.length - end, first.length - read) : first.slice(read, end);
  const groups = new Map<number, (readonly [string, T])[]>();
  let value: T | undefined;
  for (const entry of entries) {
    const [text] = entry;
    if (text.length === end) value = entry[1];
    else {
      const code = text.charCodeAt(fromEnd ? text.length - 1 - end : end);
      const group = groups.get(code);
      if (group) group.push(entry);
      else groups.set(code, [entry]);
    }
  }
  const children = new Map([...groups].map(([code, group]) => [code, build(group, fromEnd, end)]));
  return { affix, value, children: children.size > 0 ? children : undefined };
}

function commonLength(entries: readonly (readonly [string, unknown])[], fromEnd: boolean, read: number): number {
  const first = entries[0]?.[0] ?? '';
  let shared = first.length - read;
  for (const [text] of entries) {
    let same = 0;
    while (same < shared && same < text.length - read && at(text, read + same, fromEnd) === at(first, read + same, fromEnd))
      same++;
    shared = same;
  }
  return shared;
}

function at(text: string, index: number, fromEnd: boolean): number {
  return text.charCodeAt(fromEnd ? text.length - 1 - index : index);
}
