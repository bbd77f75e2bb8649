import { RE2JS } from 're2js';
import type { StringMatchSpec } from './spec-types.ts';

/** A compiled StringMatch. `end` bounds what is looked at, so that a path is compared without cutting its query off. */
export interface StringMatcher {
  /** Whether `value.slice(0, end)` matches. */
  matches(value: string, end: number): boolean;
  /** `exact "jason"`, for `explain`. */
  readonly text: string;
}

class ExactMatcher implements StringMatcher {
  readonly text: string;
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    this.text = `exact ${JSON.stringify(value)}`;
  }

  matches(value: string, end: number): boolean {
    return this.#value.length === end && value.startsWith(this.#value);
  }
}

class PrefixMatcher implements StringMatcher {
  readonly text: string;
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.text = `prefix ${JSON.stringify(prefix)}`;
  }

  matches(value: string, end: number): boolean {
    return this.#prefix.length <= end && value.startsWith(this.#prefix);
  }
}

/** RE2 syntax in linear time, the whole value, as Envoy. */
class RegexMatcher implements StringMatcher {
  readonly text: string;
  readonly #pattern: RE2JS;

  constructor(pattern: string) {
    this.#pattern = RE2JS.compile(pattern);
    this.text = `regex ${JSON.stringify(pattern)}`;
  }

  matches(value: string, end: number): boolean {
    return this.#pattern.matches(end === value.length ? value : value.slice(0, end));
  }
}

/** Exact or prefix in any case. */
class IgnoreCaseMatcher implements StringMatcher {
  readonly text: string;
  readonly #inner: StringMatcher;

  constructor(inner: StringMatcher) {
    this.#inner = inner;
    this.text = `${inner.text} in any case`;
  }

  matches(value: string, end: number): boolean {
    return this.#inner.matches(value.toLowerCase(), end);
  }
}

const ANYTHING: StringMatcher = { text: 'any value', matches: () => true };

/** @throws RE2JSSyntaxException when a regex is not RE2. */
export function stringMatcher(spec: StringMatchSpec): StringMatcher {
  if (spec.exact !== undefined) return new ExactMatcher(spec.exact);
  if (spec.prefix !== undefined) return new PrefixMatcher(spec.prefix);
  if (spec.regex !== undefined) return new RegexMatcher(spec.regex);
  return ANYTHING;
}

/** The same without regard to case; a regex stays as it is, as in Istio. */
export function ignoreCaseMatcher(spec: StringMatchSpec): StringMatcher {
  if (spec.exact !== undefined) return new IgnoreCaseMatcher(new ExactMatcher(spec.exact.toLowerCase()));
  if (spec.prefix !== undefined) return new IgnoreCaseMatcher(new PrefixMatcher(spec.prefix.toLowerCase()));
  return stringMatcher(spec);
}
