/** How much a `*` alone asks for: being there, or being non-empty. */
export type Presence = 'present' | 'nonEmpty';

/** A value that only an expression can tell. */
export interface TextPattern {
  readonly pattern: RegExp;
  /** What every match begins with; may be empty. */
  readonly prefix: string;
}

/** What a list of values matches in text: exact, `abc*`, `*abc`, `*`, and patterns where they are allowed. Any of them suffices. */
export class TextSet {
  readonly exact: ReadonlySet<string>;
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
  readonly patterns: readonly TextPattern[];
  readonly #any: Presence | undefined;
  readonly #only: string | undefined;

  private constructor(parts: Parts) {
    this.exact = new Set(parts.exact);
    this.#only = this.exact.size === 1 ? parts.exact[0] : undefined;
    this.prefixes = parts.prefixes;
    this.suffixes = parts.suffixes;
    this.patterns = parts.patterns;
    this.#any = parts.any;
  }

  /** As Istio reads a string: `*` first, then a leading star, then a trailing one; a star elsewhere is a plain character. */
  static of(
    values: readonly string[],
    options: { presence?: Presence; patternOf?: (value: string) => TextPattern | undefined } = {},
  ): TextSet {
    const parts: Parts = { exact: [], prefixes: [], suffixes: [], patterns: [], any: undefined };
    for (const value of values) {
      const pattern = options.patternOf?.(value);
      if (pattern) parts.patterns.push(pattern);
      else if (value === '*') parts.any = options.presence ?? 'nonEmpty';
      else if (value.startsWith('*')) parts.suffixes.push(value.slice(1));
      else if (value.endsWith('*')) parts.prefixes.push(value.slice(0, -1));
      else parts.exact.push(value);
    }
    return new TextSet(parts);
  }

  /** The text as it is, stars included. */
  static exactly(text: string): TextSet {
    return new TextSet({ exact: [text], prefixes: [], suffixes: [], patterns: [], any: undefined });
  }

  /** Whether every match can be found by its whole text, its beginning or its end. */
  get indexable(): boolean {
    return this.#any === undefined && this.patterns.every(({ prefix }) => prefix !== '');
  }

  has(text: string): boolean {
    if (this.#any !== undefined && (this.#any === 'present' || text !== '')) return true;
    if (this.#only === undefined ? this.exact.has(text) : this.#only === text) return true;
    for (let i = 0; i < this.prefixes.length; i++) if (text.startsWith(this.prefixes[i] as string)) return true;
    for (let i = 0; i < this.suffixes.length; i++) if (text.endsWith(this.suffixes[i] as string)) return true;
    for (let i = 0; i < this.patterns.length; i++) if ((this.patterns[i] as TextPattern).pattern.test(text)) return true;
    return false;
  }
}

interface Parts {
  readonly exact: string[];
  readonly prefixes: string[];
  readonly suffixes: string[];
  readonly patterns: TextPattern[];
  any: Presence | undefined;
}
