import { isDeepStrictEqual } from 'node:util';
import type { VirtualServiceDraft } from '../destinations.ts';
import { isPartOf, type Labels } from '../world/labels.ts';
import { covers, matchesEverything, matchesEveryPath, type StringMatchDraft } from './string-match.ts';

export type HttpRule = NonNullable<VirtualServiceDraft['spec']['http']>[number];
export type MatchBlock = NonNullable<HttpRule['match']>[number];
type Matchers = Readonly<Record<string, StringMatchDraft | undefined>>;

/** Where a VirtualService holds; what a match without `gateways` means. */
export type Gateways = readonly string[];

export const gatewaysOf = ({ spec }: VirtualServiceDraft): Gateways =>
  spec.gateways && spec.gateways.length > 0 ? (spec.gateways as readonly string[]) : ['mesh'];

/** Whether every request that `later` matches is matched by `earlier`. Sure when true. */
export function matchCovers(earlier: MatchBlock, later: MatchBlock, gateways: Gateways): boolean {
  return (
    coversPath(earlier, later) &&
    coversText(earlier.method, later.method) &&
    coversText(earlier.scheme, later.scheme) &&
    coversText(earlier.authority, later.authority) &&
    coversAll(byLowerName(earlier.headers), byLowerName(later.headers)) &&
    coversAll((earlier.queryParams ?? {}) as Matchers, (later.queryParams ?? {}) as Matchers) &&
    excludesNoMore(byLowerName(earlier.withoutHeaders), byLowerName(later.withoutHeaders)) &&
    (earlier.port === undefined || earlier.port === later.port) &&
    (earlier.sourceNamespace === undefined || earlier.sourceNamespace === later.sourceNamespace) &&
    isPartOf((earlier.sourceLabels ?? {}) as Labels, (later.sourceLabels ?? {}) as Labels) &&
    coversGateways(earlier, later, gateways)
  );
}

/** Whether a match lets every request of the VirtualService through. */
export const matchesAll = (match: MatchBlock, gateways: Gateways): boolean => matchCovers(match, {}, gateways);

function coversPath(earlier: MatchBlock, later: MatchBlock): boolean {
  if (!earlier.uri || matchesEveryPath(earlier.uri)) return true;
  if (!later.uri || (later.ignoreUriCase && !earlier.ignoreUriCase)) return false;
  return covers(earlier.uri, later.uri, { ignoresCase: earlier.ignoreUriCase === true });
}

function coversText(earlier: StringMatchDraft | undefined, later: StringMatchDraft | undefined): boolean {
  if (!earlier || matchesEverything(earlier)) return true;
  return later !== undefined && covers(earlier, later);
}

function coversAll(earlier: Matchers, later: Matchers): boolean {
  return Object.entries(earlier).every(([name, matcher]) => {
    const other = later[name];
    return other !== undefined && covers(matcher ?? {}, other);
  });
}

function excludesNoMore(earlier: Matchers, later: Matchers): boolean {
  return Object.entries(earlier).every(([name, matcher]) => isDeepStrictEqual(matcher, later[name]));
}

function coversGateways(earlier: MatchBlock, later: MatchBlock, gateways: Gateways): boolean {
  const wide = earlier.gateways?.length ? earlier.gateways : gateways;
  const narrow = later.gateways?.length ? later.gateways : gateways;
  return narrow.every((gateway) => wide.includes(gateway ?? ''));
}

const byLowerName = (headers: unknown): Matchers =>
  Object.fromEntries(Object.entries((headers ?? {}) as Matchers).map(([name, matcher]) => [name.toLowerCase(), matcher]));
