/** One node of a {@link PrefixTrie}: what all prefixes below it begin with. */
export class TrieNode {
  /** From the root to here. */
  readonly prefix: string;
  /** What it adds to the node above. */
  label: string;
  /** Positions of the rules whose prefix ends here, ascending. */
  readonly positions: number[] = [];
  /** By the character that follows {@link prefix}. */
  readonly children = new Map<number, TrieNode>();

  constructor(prefix: string, above: number) {
    this.prefix = prefix;
    this.label = prefix.slice(above);
  }

  /** The next node whose prefix `path.slice(0, end)` begins with, given that it begins with this one's. */
  below(path: string, end: number): TrieNode | undefined {
    const { length } = this.prefix;
    if (length >= end || this.children.size === 0) return undefined;
    const child = this.children.get(path.charCodeAt(length));
    if (!child || child.prefix.length > end) return undefined;
    return path.startsWith(child.label, length) ? child : undefined;
  }
}

/** Prefixes by their characters; runs without a fork are one node, so that a look-up takes as many steps as there are forks on its way. */
export class PrefixTrie {
  readonly root = new TrieNode('', 0);

  /** The list of a prefix, empty at first, to be added to in ascending order. */
  positionsOf(prefix: string): number[] {
    let node = this.root;
    for (;;) {
      if (node.prefix.length === prefix.length) return node.positions;
      const key = prefix.charCodeAt(node.prefix.length);
      const child = node.children.get(key);
      if (!child) {
        const made = new TrieNode(prefix, node.prefix.length);
        node.children.set(key, made);
        return made.positions;
      }
      const shared = sharedLength(child.prefix, prefix);
      if (shared < child.prefix.length) {
        const fork = new TrieNode(prefix.slice(0, shared), node.prefix.length);
        child.label = child.prefix.slice(shared);
        fork.children.set(child.prefix.charCodeAt(shared), child);
        node.children.set(key, fork);
        node = fork;
      } else node = child;
    }
  }
}

function sharedLength(one: string, other: string): number {
  const end = Math.min(one.length, other.length);
  let length = 0;
  while (length < end && one.charCodeAt(length) === other.charCodeAt(length)) length++;
  return length;
}
