import type { HttpRuleSpec, MatchBlockSpec, StringMatchSpec } from './spec-types.ts';

/**
 * A delegate's rule under the root rule that leads to it: it keeps what it says itself, block by block, and takes the rest from the
 * root. Its conditions must lie within the root's.
 *
 * @returns undefined where none of the root's match blocks covers one of the delegate's: Istio leaves such a rule out.
 */
export function mergeDelegateRule(root: HttpRuleSpec, delegate: HttpRuleSpec): HttpRuleSpec | undefined {
  const match = mergeMatches(root.match ?? [], delegate.match ?? []);
  if (!match) return undefined;
  const { delegate: _leadsHere, match: _merged, name: rootName, route: _route, redirect: _redirect, ...inherited } = root;
  const own = Object.fromEntries(Object.entries(delegate).filter(([, value]) => value !== undefined));
  return { ...inherited, ...own, ...joinedName(rootName, delegate.name), match };
}

function mergeMatches(root: readonly MatchBlockSpec[], delegate: readonly MatchBlockSpec[]): MatchBlockSpec[] | undefined {
  if (root.length === 0) return [...delegate];
  if (delegate.length === 0) return [...root];
  const merged: MatchBlockSpec[] = [];
  for (const block of delegate) {
    const covering = root.filter((wider) => !contradict(wider, block));
    if (covering.length === 0) return undefined;
    merged.push(...covering.map((wider) => mergeBlocks(wider, block)));
  }
  return merged;
}

function mergeBlocks(root: MatchBlockSpec, delegate: MatchBlockSpec): MatchBlockSpec {
  const joined = <K extends 'headers' | 'withoutHeaders' | 'queryParams' | 'sourceLabels'>(field: K): Partial<MatchBlockSpec> =>
    root[field] || delegate[field] ? { [field]: { ...root[field], ...delegate[field] } } : {};
  return {
    ...root,
    ...delegate,
    ...joinedName(root.name, delegate.name),
    ...joined('headers'),
    ...joined('withoutHeaders'),
    ...joined('queryParams'),
    ...joined('sourceLabels'),
    ...(delegate.port ? {} : root.port ? { port: root.port } : {}),
    ...(delegate.sourceNamespace ? {} : root.sourceNamespace ? { sourceNamespace: root.sourceNamespace } : {}),
    ...(delegate.gateways?.length ? {} : root.gateways ? { gateways: root.gateways } : {}),
  };
}

function joinedName(root: string | undefined, delegate: string | undefined): { name?: string } {
  const name = root && delegate ? `${root}-${delegate}` : delegate || root;
  return name ? { name } : {};
}

/** Whether a delegate's block asks for what the root's leaves no room for. */
function contradict(root: MatchBlockSpec, delegate: MatchBlockSpec): boolean {
  return (
    textsContradict(root.uri, delegate.uri) ||
    textsContradict(root.scheme, delegate.scheme) ||
    textsContradict(root.method, delegate.method) ||
    textsContradict(root.authority, delegate.authority) ||
    mapsContradict(root.headers, delegate.headers) ||
    mapsContradict(root.withoutHeaders, delegate.withoutHeaders) ||
    mapsContradict(root.queryParams, delegate.queryParams) ||
    (root.ignoreUriCase ?? false) !== (delegate.ignoreUriCase ?? false) ||
    differ(root.port, delegate.port) ||
    differ(root.sourceNamespace, delegate.sourceNamespace) ||
    Object.entries(delegate.sourceLabels ?? {}).some(([label, value]) => differ(root.sourceLabels?.[label], value)) ||
    gatewaysContradict(root.gateways, delegate.gateways)
  );
}

function mapsContradict(
  root: Readonly<Record<string, StringMatchSpec>> | undefined,
  delegate: Readonly<Record<string, StringMatchSpec>> | undefined,
): boolean {
  return Object.entries(delegate ?? {}).some(([name, match]) => textsContradict(root?.[name], match));
}

/** Whether the delegate's match is no narrower than the root's, as far as Istio sees: regexes are never compared. */
function textsContradict(root: StringMatchSpec | undefined, delegate: StringMatchSpec | undefined): boolean {
  if (!root || !delegate) return false;
  if (root.regex) return Boolean(delegate.regex || delegate.prefix || delegate.exact);
  if (delegate.regex) return Boolean(root.prefix || root.exact);
  if (root.exact) return delegate.exact !== root.exact;
  const narrower = delegate.prefix || delegate.exact;
  return Boolean(root.prefix && narrower && !narrower.startsWith(root.prefix));
}

function gatewaysContradict(root: readonly string[] | undefined, delegate: readonly string[] | undefined): boolean {
  return Boolean(root?.length && delegate?.some((name) => !root.includes(name)));
}

function differ<T>(one: T | undefined, other: T | undefined): boolean {
  return Boolean(one && other && one !== other);
}
