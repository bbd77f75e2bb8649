import type { CompiledRule } from './route-compiler.ts';
import { PrefixTrie } from './prefix-trie.ts';
import { endOfPath } from './request-conditions.ts';
import type { RouteRequest } from './route.ts';

/** From this many rules on the index pays. */
const INDEX_FROM = 8;

/** Finds the first rule, in the order given, that takes a request. */
export interface RuleFinder {
  find(request: RouteRequest): CompiledRule | undefined;
}

export function ruleFinder(rules: readonly CompiledRule[]): RuleFinder {
  const [first] = rules;
  if (first && first.block.conditions.length === 0) return { find: () => first };
  return rules.length < INDEX_FROM ? new LinearFinder(rules) : new IndexedFinder(rules);
}

/** Whether all conditions of the rule's block hold. */
export function ruleTakes(rule: CompiledRule, request: RouteRequest, pathEnd: number): boolean {
  const { conditions } = rule.block;
  for (let i = 0; i < conditions.length; i++) {
    if (!(conditions[i] as (typeof conditions)[number]).holds(request, pathEnd)) return false;
  }
  return true;
}

class LinearFinder implements RuleFinder {
  readonly #rules: readonly CompiledRule[];
  readonly #readsPath: boolean;

  constructor(rules: readonly CompiledRule[]) {
    this.#rules = rules;
    this.#readsPath = rules.some(({ block }) => block.conditions.some(({ readsPath }) => readsPath));
  }

  find(request: RouteRequest): CompiledRule | undefined {
    const pathEnd = this.#readsPath ? endOfPath(request.path) : 0;
    for (let i = 0; i < this.#rules.length; i++) {
      const rule = this.#rules[i] as CompiledRule;
      if (ruleTakes(rule, request, pathEnd)) return rule;
    }
    return undefined;
  }
}

/**
 * Looks only at the rules that the path leaves possible: exact paths by map, prefixes by a trie, then the others, so that a regex is
 * tried only where no earlier rule has been found. Each list is ascending and left as soon as it can't beat the best position found.
 */
class IndexedFinder implements RuleFinder {
  readonly #rules: readonly CompiledRule[];
  readonly #exact = new Map<string, number[]>();
  readonly #prefixes = new PrefixTrie();
  readonly #others: number[] = [];

  constructor(rules: readonly CompiledRule[]) {
    this.#rules = rules;
    for (const [position, rule] of rules.entries()) this.#positionsFor(rule).push(position);
  }

  find(request: RouteRequest): CompiledRule | undefined {
    const { path } = request;
    const pathEnd = endOfPath(path);
    const exact = this.#exact.get(pathEnd === path.length ? path : path.slice(0, pathEnd));
    let best = this.#rules.length;
    if (exact) best = this.#firstIn(exact, request, pathEnd, best);
    for (let node = this.#prefixes.root.below(path, pathEnd); node; node = node.below(path, pathEnd)) {
      if (node.positions.length > 0) best = this.#firstIn(node.positions, request, pathEnd, best);
    }
    return this.#rules[this.#firstIn(this.#others, request, pathEnd, best)];
  }

  /** The first position below `best` whose rule takes the request, else `best`. */
  #firstIn(positions: readonly number[], request: RouteRequest, pathEnd: number, best: number): number {
    for (let i = 0; i < positions.length; i++) {
      const position = positions[i] as number;
      if (position >= best) return best;
      if (ruleTakes(this.#rules[position] as CompiledRule, request, pathEnd)) return position;
    }
    return best;
  }

  #positionsFor({ block: { uriKey } }: CompiledRule): number[] {
    if (uriKey.kind === 'any' || uriKey.value === '') return this.#others;
    if (uriKey.kind === 'prefix') return this.#prefixes.positionsOf(uriKey.value);
    const known = this.#exact.get(uriKey.value);
    if (known) return known;
    const positions: number[] = [];
    this.#exact.set(uriKey.value, positions);
    return positions;
  }
}
