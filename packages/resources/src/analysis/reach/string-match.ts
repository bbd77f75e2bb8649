/** A matcher of Istio's: one of the three, or none of them for mere presence. */
export interface StringMatchDraft {
  readonly exact?: string | undefined;
  readonly prefix?: string | undefined;
  readonly regex?: string | undefined;
}

/** Matches whatever is there. */
const EVERYTHING = new Set(['.*', '^.*$', '(.*)', '.+', '/.*', '^/.*$', '/(.*)']);

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

/** Whether it says no more than that something is there; a path always is, and begins with a slash. */
export function matchesEverything({ exact, prefix, regex }: StringMatchDraft): boolean {
  if (regex !== undefined) return EVERYTHING.has(regex);
  return exact === undefined && (prefix === undefined || prefix === '');
}
