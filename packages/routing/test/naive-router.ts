import type { RouteRequest } from '../src/index.ts';

/** A StringMatch as it stands in YAML. */
export interface NaiveMatch {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

/** A match block as it stands in YAML. */
export interface NaiveBlock {
  readonly uri?: NaiveMatch;
  readonly ignoreUriCase?: boolean;
  readonly method?: NaiveMatch;
  readonly headers?: Readonly<Record<string, NaiveMatch>>;
  readonly withoutHeaders?: Readonly<Record<string, NaiveMatch>>;
  readonly queryParams?: Readonly<Record<string, NaiveMatch>>;
}

/** Index of the first rule that takes the request, by reading the specification aloud; -1 for none. */
export function naiveRule(rules: readonly { readonly match: readonly NaiveBlock[] }[], request: RouteRequest): number {
  return rules.findIndex(({ match }) => match.length === 0 || match.some((block) => naiveBlockTakes(block, request)));
}

/** Whether all that a block says holds. */
export function naiveBlockTakes(block: NaiveBlock, request: RouteRequest): boolean {
  const [path = '', ...query] = request.path.split('?');
  const lines = pairs(request.headers);
  const parameters = query
    .join('?')
    .split('&')
    .map((part) => part.split('='))
    .map(([name = '', ...value]) => [name, value.join('=')] as const);
  const values = (name: string): string[] => lines.filter(([line]) => line === name).map(([, value]) => value);
  const pathFits = (match: NaiveMatch): boolean => {
    if (!block.ignoreUriCase || match.regex !== undefined) return fits(match, path);
    return fits(JSON.parse(JSON.stringify(match).toLowerCase()) as NaiveMatch, path.toLowerCase());
  };
  return (
    (!block.uri || pathFits(block.uri)) &&
    (!block.method || fits(block.method, request.method)) &&
    Object.entries(block.headers ?? {}).every(([name, match]) => values(name).some((value) => fits(match, value))) &&
    Object.entries(block.withoutHeaders ?? {}).every(([name, match]) => {
      const present = values(name);
      if (Object.keys(match).length === 0) return present.length === 0;
      return !(present.length > 0 ? present : ['']).some((value) => fits(match, value));
    }) &&
    Object.entries(block.queryParams ?? {}).every(([name, match]) => {
      const first = query.length > 0 ? parameters.find(([parameter]) => parameter === name) : undefined;
      return first !== undefined && fits(match, first[1]);
    })
  );
}

function fits(match: NaiveMatch, value: string): boolean {
  if (match.exact !== undefined) return value === match.exact;
  if (match.prefix !== undefined) return value.startsWith(match.prefix);
  if (match.regex !== undefined) return new RegExp(`^(?:${match.regex})$`).test(value);
  return true;
}

function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [(flat[2 * i] as string).toLowerCase(), flat[2 * i + 1] as string]);
}
