import { headerValue } from '@lateen/core';
import type { RouteRequest } from './route.ts';
import type { StringMatcher } from './string-matcher.ts';

/** One field of a match block, compiled. All of a block's conditions are needed. */
export interface RequestCondition {
  /** `pathEnd` is where the path ends and the query begins, found once per request. */
  holds(request: RouteRequest, pathEnd: number): boolean;
  /** Whether `pathEnd` is looked at. */
  readonly readsPath: boolean;
  /** `header end-user exact "jason"`. */
  readonly text: string;
}

/** Index of the `?`, or the target's length. */
export function endOfPath(path: string): number {
  const query = path.indexOf('?');
  return query === -1 ? path.length : query;
}

export class UriCondition implements RequestCondition {
  readonly text: string;
  readonly readsPath = true;
  readonly #matcher: StringMatcher;

  constructor(matcher: StringMatcher) {
    this.#matcher = matcher;
    this.text = `uri ${matcher.text}`;
  }

  holds(request: RouteRequest, pathEnd: number): boolean {
    return this.#matcher.matches(request.path, pathEnd);
  }
}

export class MethodCondition implements RequestCondition {
  readonly text: string;
  readonly readsPath = false;
  readonly #matcher: StringMatcher;

  constructor(matcher: StringMatcher) {
    this.#matcher = matcher;
    this.text = `method ${matcher.text}`;
  }

  holds(request: RouteRequest): boolean {
    return this.#matcher.matches(request.method, request.method.length);
  }
}

/** Case and port count here, unlike in the choice of the virtual host. */
export class AuthorityCondition implements RequestCondition {
  readonly text: string;
  readonly readsPath = false;
  readonly #matcher: StringMatcher;

  constructor(matcher: StringMatcher) {
    this.#matcher = matcher;
    this.text = `authority ${matcher.text}`;
  }

  holds(request: RouteRequest): boolean {
    return this.#matcher.matches(request.authority, request.authority.length);
  }
}

/** Follows the caller's x-forwarded-proto where there is one, as Envoy. */
export class SchemeCondition implements RequestCondition {
  readonly text: string;
  readonly readsPath = false;
  readonly #matcher: StringMatcher;

  constructor(matcher: StringMatcher) {
    this.#matcher = matcher;
    this.text = `scheme ${matcher.text}`;
  }

  holds(request: RouteRequest): boolean {
    const scheme = requestScheme(request);
    return this.#matcher.matches(scheme, scheme.length);
  }
}

export function requestScheme(request: RouteRequest): string {
  const forwarded = headerValue(request.headers, 'x-forwarded-proto');
  return forwarded === 'http' || forwarded === 'https' ? forwarded : request.scheme;
}

/** Holds when one line of that name matches; repeated lines are never joined. */
export class HeaderCondition implements RequestCondition {
  readonly text: string;
  readonly readsPath = false;
  readonly #lowerName: string;
  readonly #pseudo: ReadPseudoHeader | undefined;
  readonly #matcher: StringMatcher;

  constructor(name: string, matcher: StringMatcher) {
    this.#lowerName = name.toLowerCase();
    this.#pseudo = PSEUDO_HEADERS.get(this.#lowerName);
    this.#matcher = matcher;
    this.text = `header ${this.#lowerName} ${matcher.text}`;
  }

  holds(request: RouteRequest): boolean {
    if (this.#pseudo) return matchesWhole(this.#matcher, this.#pseudo(request));
    return anyLineMatches(request.headers, this.#lowerName, this.#matcher);
  }
}

/** The reverse; an absent header counts as one empty line. */
export class WithoutHeaderCondition implements RequestCondition {
  readonly text: string;
  readonly readsPath = false;
  readonly #lowerName: string;
  readonly #pseudo: ReadPseudoHeader | undefined;
  readonly #matcher: StringMatcher;
  readonly #holdsWhenAbsent: boolean;

  /** @param presence the match was `{}`: the header must be absent. */
  constructor(name: string, matcher: StringMatcher, presence: boolean) {
    this.#lowerName = name.toLowerCase();
    this.#pseudo = PSEUDO_HEADERS.get(this.#lowerName);
    this.#matcher = matcher;
    this.#holdsWhenAbsent = presence || !matcher.matches('', 0);
    this.text = `no header ${this.#lowerName} ${matcher.text}`;
  }

  holds(request: RouteRequest): boolean {
    if (this.#pseudo) return !matchesWhole(this.#matcher, this.#pseudo(request));
    if (headerValue(request.headers, this.#lowerName) === undefined) return this.#holdsWhenAbsent;
    return !anyLineMatches(request.headers, this.#lowerName, this.#matcher);
  }
}

function matchesWhole(matcher: StringMatcher, value: string): boolean {
  return matcher.matches(value, value.length);
}

function anyLineMatches(headers: readonly string[], lowerName: string, matcher: StringMatcher): boolean {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.length !== lowerName.length || (name !== lowerName && name.toLowerCase() !== lowerName)) continue;
    if (matchesWhole(matcher, headers[i + 1] as string)) return true;
  }
  return false;
}

type ReadPseudoHeader = (request: RouteRequest) => string;

/** Envoy's names for the parts of the request line; `host` is the authority. */
const PSEUDO_HEADERS: ReadonlyMap<string, ReadPseudoHeader> = new Map([
  [':method', (request) => request.method],
  [':path', (request) => request.path],
  [':scheme', requestScheme],
  [':authority', (request) => request.authority],
  ['host', (request) => request.authority],
]);

/** The first occurrence counts; name and value are compared as sent, never decoded. */
export class QueryCondition implements RequestCondition {
  readonly text: string;
  readonly readsPath = true;
  readonly #name: string;
  readonly #matcher: StringMatcher;

  constructor(name: string, matcher: StringMatcher) {
    this.#name = name;
    this.#matcher = matcher;
    this.text = `query ${name} ${matcher.text}`;
  }

  holds(request: RouteRequest, pathEnd: number): boolean {
    const value = firstParameter(request.path, pathEnd, this.#name);
    return value !== undefined && this.#matcher.matches(value, value.length);
  }
}

function firstParameter(path: string, pathEnd: number, name: string): string | undefined {
  for (let start = pathEnd + 1; start < path.length; ) {
    const ampersand = path.indexOf('&', start);
    const end = ampersand === -1 ? path.length : ampersand;
    const valueStart = start + name.length;
    if (path.startsWith(name, start) && valueStart <= end) {
      if (valueStart === end) return '';
      if (path.charCodeAt(valueStart) === 61) return path.slice(valueStart + 1, end);
    }
    start = end + 1;
  }
  return undefined;
}
