/** A matcher of Istio's: one of the three, or none of them for mere presence. */
export interface StringMatchDraft {
  readonly exact?: string | undefined;
  readonly prefix?: string | undefined;
  readonly regex?: string | undefined;
}

const EVERY_TEXT = new Set(['.*', '^.*$', '(.*)']);
/** A path is never empty and begins with a slash. */
const EVERY_PATH = new Set([...EVERY_TEXT, '.+', '^.+$', '(.+)', '/.*', '^/.*$', '/(.*)']);

/** Whether every text that `later` matches is matched by `earlier`. Sure when true; regular expressions are compared as text only. */
export function covers(
  earlier: StringMatchDraft,
  later: StringMatchDraft,
  options: { readonly ignoresCase?: boolean } = {},
): boolean {
  const read = (text: string): string => (options.ignoresCase ? text.toLowerCase() : text);
  if (matchesEverything(earlier)) return true;
  if (earlier.regex !== undefined) return earlier.regex === later.regex;
  if (earlier.exact !== undefined) return later.exact !== undefined && read(earlier.exact) === read(later.exact);
  const start = later.exact ?? later.prefix;
  return start !== undefined && read(start).startsWith(read(earlier.prefix ?? ''));
}

/** Whether it says no more than that something is there. */
export function matchesEverything({ exact, prefix, regex }: StringMatchDraft): boolean {
  if (regex !== undefined) return EVERY_TEXT.has(regex);
  return exact === undefined && (prefix === undefined || prefix === '');
}

/** Whether it lets every path through. */
export function matchesEveryPath(matcher: StringMatchDraft): boolean {
  return matchesEverything(matcher) || matcher.prefix === '/' || EVERY_PATH.has(matcher.regex ?? '');
}
