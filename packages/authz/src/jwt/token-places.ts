import type { JwtRule } from './jwt-rule.ts';
import { cookieValue, firstParam } from './request-parts.ts';

/** A token where it was found. */
export interface FoundToken {
  readonly text: string;
  readonly place: { readonly kind: 'header' | 'param' | 'cookie'; readonly name: string };
}

export interface TokenSource {
  /** The target, query included. */
  readonly path: string;
  readonly headers: readonly string[];
}

/** All tokens in the places of a rule, in the order in which Envoy looks at them: cookies, parameters, headers, each from the last. */
export function findTokens({ fromHeaders, fromParams, fromCookies }: JwtRule, { path, headers }: TokenSource): FoundToken[] {
  const found: FoundToken[] = [];
  for (const { name, prefix } of byName(fromHeaders, (place) => place.name + place.prefix)) {
    for (let i = 0; i < headers.length; i += 2) {
      if ((headers[i] as string).toLowerCase() !== name) continue;
      const text = behindPrefix(headers[i + 1] as string, prefix);
      if (text !== undefined) found.push({ text, place: { kind: 'header', name } });
    }
  }
  for (const name of byName(fromParams, (param) => param)) {
    const text = firstParam(path, name);
    if (text !== undefined) found.push({ text, place: { kind: 'param', name } });
  }
  for (const name of byName(fromCookies, (cookie) => cookie)) {
    const text = cookieValue(headers, name);
    if (text !== undefined) found.push({ text, place: { kind: 'cookie', name } });
  }
  return found.toReversed();
}

/** The prefix counts letter by letter; what follows begins with the first character that a token can have. */
function behindPrefix(value: string, prefix: string): string | undefined {
  if (prefix === '') return value;
  if (!value.startsWith(prefix)) return undefined;
  const rest = value.slice(prefix.length);
  const start = rest.search(/[A-Za-z0-9\-_.]/);
  return start === -1 ? value : rest.slice(start);
}

function byName<T>(items: readonly T[], nameOf: (item: T) => string): readonly T[] {
  if (items.length < 2) return items;
  const unique = new Map(items.map((item) => [nameOf(item), item]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
