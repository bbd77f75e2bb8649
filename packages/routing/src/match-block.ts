import type { MatchedUri } from './rewrite.ts';
import {
  AuthorityCondition,
  HeaderCondition,
  MethodCondition,
  QueryCondition,
  SchemeCondition,
  UriCondition,
  WithoutHeaderCondition,
  type RequestCondition,
} from './request-conditions.ts';
import type { MatchBlockSpec, StringMatchSpec } from './spec-types.ts';
import { ignoreCaseMatcher, stringMatcher } from './string-matcher.ts';

/** What an index can sort a block by; `any` must always be looked at. */
export type UriKey = { readonly kind: 'exact' | 'prefix'; readonly value: string } | { readonly kind: 'any' };

/** A compiled block: all its conditions are needed. */
export interface MatchBlock {
  readonly conditions: readonly RequestCondition[];
  readonly uriKey: UriKey;
  readonly matchedUri: MatchedUri;
  /** Whether it takes every request: at a gateway such a block is looked at last. */
  readonly catchAll: boolean;
}

/** Cheap conditions first. `undefined` is a rule without `match`. */
export function compileMatchBlock(spec: MatchBlockSpec | undefined): MatchBlock {
  const conditions: RequestCondition[] = [];
  if (spec?.method) conditions.push(new MethodCondition(stringMatcher(spec.method)));
  // `prefix: /` holds for every path, except `*` of OPTIONS and the authority of CONNECT.
  if (spec?.uri) conditions.push(new UriCondition(spec.ignoreUriCase ? ignoreCaseMatcher(spec.uri) : stringMatcher(spec.uri)));
  if (spec?.authority) conditions.push(new AuthorityCondition(stringMatcher(spec.authority)));
  if (spec?.scheme) conditions.push(new SchemeCondition(stringMatcher(spec.scheme)));
  for (const [name, match] of Object.entries(spec?.headers ?? {})) {
    conditions.push(new HeaderCondition(name, stringMatcher(match)));
  }
  for (const [name, match] of Object.entries(spec?.withoutHeaders ?? {})) {
    conditions.push(new WithoutHeaderCondition(name, stringMatcher(match), Object.keys(match).length === 0));
  }
  for (const [name, match] of Object.entries(spec?.queryParams ?? {})) {
    conditions.push(new QueryCondition(name, stringMatcher(match)));
  }
  const takesEveryPath = spec?.uri === undefined || spec.uri.prefix === '/' || spec.uri.regex === '.*';
  return {
    conditions,
    uriKey: uriKey(spec),
    matchedUri: matchedUri(spec?.uri),
    catchAll: takesEveryPath && conditions.length === (spec?.uri ? 1 : 0),
  };
}

function uriKey(spec: MatchBlockSpec | undefined): UriKey {
  const { uri, ignoreUriCase } = spec ?? {};
  if (uri?.regex !== undefined) return { kind: 'prefix', value: literalStart(uri.regex) };
  if (!uri || ignoreUriCase) return { kind: 'any' };
  if (uri.exact !== undefined) return { kind: 'exact', value: uri.exact };
  return { kind: 'prefix', value: uri.prefix ?? '' };
}

const NOT_ASCII = /[^ -~]/;

/**
 * What every match of a pattern begins with, as far as it is plainly written: `/items/` of `/items/[0-9]+`. Never too much; empty where
 * flags or alternatives leave it open.
 */
export function literalStart(regex: string): string {
  const pattern = regex.startsWith('^') ? regex.slice(1) : regex;
  if (pattern.includes('|') || pattern.includes('(?') || NOT_ASCII.test(pattern)) return '';
  const special = pattern.search(/[\\^$.[\]()*+?{}]/);
  if (special === -1) return pattern;
  // What may be repeated not at all is no part of the beginning.
  return '*?{'.includes(pattern.charAt(special)) ? pattern.slice(0, Math.max(special - 1, 0)) : pattern.slice(0, special);
}

function matchedUri(uri: StringMatchSpec | undefined): MatchedUri {
  if (uri?.regex !== undefined) return { kind: 'whole' };
  return { kind: 'prefix', length: (uri?.exact ?? uri?.prefix ?? '/').length };
}

/** Where a table is compiled for: what the build-time selectors of a block are compared with. */
export interface MatchScope {
  /** `mesh`, or the Gateways' names with their namespaces. */
  readonly gateways: ReadonlySet<string>;
  readonly port: number;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Why a block can never match here; undefined when it can. Istio's quirk is kept: where `gateways` is written, neither
 * `sourceLabels` nor `sourceNamespace` is looked at.
 */
export function whyOutOfScope(spec: MatchBlockSpec | undefined, scope: MatchScope): string | undefined {
  if (!spec) return undefined;
  if (spec.port !== undefined && spec.port !== 0 && spec.port !== scope.port) return `it is for port ${spec.port}`;
  if (spec.gateways && spec.gateways.length > 0) {
    const bound = spec.gateways.some((name) => scope.gateways.has(name));
    return bound ? undefined : `it is for the gateways ${spec.gateways.join(', ')}`;
  }
  const foreign = Object.entries(spec.sourceLabels ?? {}).find(([label, value]) => scope.labels[label] !== value);
  if (foreign) return `it is for callers labelled ${foreign[0]}=${foreign[1]}`;
  if (spec.sourceNamespace && spec.sourceNamespace !== scope.namespace) {
    return `it is for callers in namespace ${spec.sourceNamespace}`;
  }
  return undefined;
}
