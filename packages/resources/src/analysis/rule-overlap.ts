import { isDeepStrictEqual } from 'node:util';
import type { VirtualServiceSpec } from '../kinds/index.ts';

export type HttpRule = NonNullable<VirtualServiceSpec['http']>[number];
export type MatchBlock = NonNullable<HttpRule['match']>[number];

/** `rule "canary"`, `rule #2`. */
export const ruleLabel = (rule: HttpRule, index: number): string => (rule.name ? `"${rule.name}"` : `#${index}`);
export const matchLabel = (match: MatchBlock, index: number): string => (match.name ? `"${match.name}"` : `#${index}`);

export function isCatchAll(rule: HttpRule): boolean {
  return !rule.match || rule.match.length === 0;
}

/** How an earlier match leaves nothing for a later one: it says the same, or the same with a shorter prefix. */
export type Overlap =
  | { readonly kind: 'same' }
  | { readonly kind: 'prefix'; readonly covering: string; readonly covered: string };

export function overlapOf(earlier: MatchBlock, later: MatchBlock): Overlap | undefined {
  const { name: _earlierName, ...earlierBlock } = earlier;
  const { name: _laterName, ...laterBlock } = later;
  if (isDeepStrictEqual(earlierBlock, laterBlock)) return { kind: 'same' };
  const { uri: earlierUri, ...earlierRest } = earlierBlock;
  const { uri: laterUri, ...laterRest } = laterBlock;
  const covering = earlierUri?.prefix;
  const covered = laterUri?.prefix;
  if (covering === undefined || covered === undefined || !covered.startsWith(covering)) return undefined;
  return isDeepStrictEqual(earlierRest, laterRest) ? { kind: 'prefix', covering, covered } : undefined;
}
