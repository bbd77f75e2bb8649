import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PrefixTrie } from '../src/prefix-trie.ts';

/** All prefixes of a trie that a path begins with, shortest first. */
function found(trie: PrefixTrie, path: string, end: number): number[] {
  const positions: number[] = [];
  for (let node = trie.root.below(path, end); node; node = node.below(path, end)) positions.push(...node.positions);
  return positions;
}

describe('PrefixTrie', () => {
  it('finds exactly the prefixes that a path begins with', () => {
    const word = fc.string({ unit: fc.constantFrom('/', 'a', 'b'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), word, fc.nat(6), (prefixes, path, cut) => {
        const trie = new PrefixTrie();
        for (const [position, prefix] of prefixes.entries()) trie.positionsOf(prefix).push(position);
        const end = Math.min(cut, path.length);
        const wanted = prefixes.flatMap((prefix, position) => (path.slice(0, end).startsWith(prefix) ? [position] : []));
        assert.deepEqual(
          found(trie, path, end).sort((a, b) => a - b),
          wanted,
        );
      }),
      { numRuns: 500 },
    );
  });
});
