import { RE2JS } from 're2js';
import { endOfPath } from './request-conditions.ts';
import type { Rewrite } from './route.ts';
import type { RewriteSpec } from './spec-types.ts';

/** How much of the path a rewrite replaces: what the rule's uri match took. */
export type MatchedUri =
  /** Exact and prefix matches, and rules without a uri match, which count as prefix `/`. */
  | { readonly kind: 'prefix'; readonly length: number }
  /** A regex match: all of the path. */
  | { readonly kind: 'whole' };

class AuthorityRewrite implements Rewrite {
  readonly authority: string | undefined;

  constructor(authority: string | undefined) {
    this.authority = authority;
  }

  path(path: string): string {
    return path;
  }
}

/** Replaces the matched characters and nothing else, so that `/old` → `/` makes `//x` of `/old/x`, as in Istio. */
class PrefixRewrite implements Rewrite {
  readonly authority: string | undefined;
  readonly #replacement: string;
  readonly #matchedLength: number;

  constructor(replacement: string, matchedLength: number, authority: string | undefined) {
    this.#replacement = replacement;
    this.#matchedLength = matchedLength;
    this.authority = authority;
  }

  path(path: string): string {
    return this.#replacement + path.slice(this.#matchedLength);
  }
}

class WholePathRewrite implements Rewrite {
  readonly authority: string | undefined;
  readonly #replacement: string;

  constructor(replacement: string, authority: string | undefined) {
    this.#replacement = replacement;
    this.authority = authority;
  }

  path(path: string): string {
    return this.#replacement + path.slice(endOfPath(path));
  }
}

/** Every occurrence of a pattern in the path, the query left alone; RE2's `\1` in the replacement. */
class RegexRewrite implements Rewrite {
  readonly authority: string | undefined;
  readonly #pattern: RE2JS;
  readonly #replacement: readonly (string | number)[];

  constructor(pattern: string, replacement: string, authority: string | undefined) {
    this.#pattern = RE2JS.compile(pattern);
    this.#replacement = parseReplacement(replacement);
    this.authority = authority;
  }

  path(path: string): string {
    const end = endOfPath(path);
    return this.#replaceAll(path.slice(0, end)) + path.slice(end);
  }

  #replaceAll(text: string): string {
    const matcher = this.#pattern.matcher(text);
    let result = '';
    let copied = 0;
    let lastEnd = -1;
    while (matcher.find()) {
      // RE2 does not replace an empty match right behind another match.
      if (matcher.start() === matcher.end() && matcher.start() === lastEnd) continue;
      result += text.slice(copied, matcher.start());
      for (const part of this.#replacement) result += typeof part === 'number' ? (matcher.group(part) ?? '') : part;
      copied = lastEnd = matcher.end();
    }
    return result + text.slice(copied);
  }
}

/** `a\1b\\` → `['a', 1, 'b\']`. */
function parseReplacement(replacement: string): (string | number)[] {
  return replacement.split(/(\\[0-9\\])/).flatMap((part): (string | number)[] => {
    if (part === '') return [];
    if (part === '\\\\') return ['\\'];
    return /^\\[0-9]$/.test(part) ? [Number(part.slice(1))] : [part];
  });
}

/** @param authority what the request's host becomes, from `rewrite` or from a header operation on it. */
export function compileRewrite(
  spec: RewriteSpec | undefined,
  matched: MatchedUri,
  authority: string | undefined,
): Rewrite | undefined {
  if (spec?.uriRegexRewrite?.match !== undefined) {
    return new RegexRewrite(spec.uriRegexRewrite.match, spec.uriRegexRewrite.rewrite ?? '', authority);
  }
  if (spec?.uri !== undefined && spec.uri !== '') {
    return matched.kind === 'whole'
      ? new WholePathRewrite(spec.uri, authority)
      : new PrefixRewrite(spec.uri, matched.length, authority);
  }
  return authority === undefined ? undefined : new AuthorityRewrite(authority);
}
