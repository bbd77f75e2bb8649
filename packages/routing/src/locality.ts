import { LOCALITY_LABELS, type LocalityOptions, localityMatches, parseLocality } from '@lateen/balancer';
import type { CompileInput } from './compile-input.ts';
import type { PolicyBlocks } from './spec-types.ts';

type LocalitySpec = NonNullable<NonNullable<PolicyBlocks['loadBalancer']>['localityLbSetting']>;

/**
 * `localityLbSetting` as one caller sees it: of `distribute` the first entry for where it is, of `failover` the region that takes over from its own, of
 * `failoverPriority` the values its own labels have. Failover needs outlier detection, `distribute` excludes it.
 */
export function compileLocality(
  spec: LocalitySpec,
  self: CompileInput['self'],
  { failsOver, weighted }: { readonly failsOver: boolean; readonly weighted: boolean },
): LocalityOptions | undefined {
  const own = self.locality ?? '';
  const distribution = spec.distribute?.find(({ from = '' }) => localityMatches(own, from));
  const distribute = distribution ? Object.entries(distribution.to ?? {}) : undefined;
  const failover = failsOver && !spec.distribute ? failoverOf(spec, self, own) : undefined;
  if (!weighted && !distribute && !failover) return undefined;
  return { own, weighted: weighted || distribute !== undefined, distribute, failover };
}

function failoverOf(spec: LocalitySpec, self: CompileInput['self'], own: string): LocalityOptions['failover'] {
  const { region } = parseLocality(own);
  const names = spec.failoverPriority ?? [];
  return {
    byDistance: names.length === 0 || (spec.failover?.length ?? 0) > 0,
    region: spec.failover?.find(({ from }) => from === region)?.to,
    labels: names.map((label) => wantedLabel(label, self.labels, own)),
  };
}

/** `version=v2` names a value; `version` alone means the caller's own. */
function wantedLabel(label: string, own: Readonly<Record<string, string>>, locality: string): readonly [string, string] {
  const equals = label.indexOf('=');
  if (equals !== -1) return [label.slice(0, equals), label.slice(equals + 1)];
  const part = Object.hasOwn(LOCALITY_LABELS, label) ? LOCALITY_LABELS[label as keyof typeof LOCALITY_LABELS] : undefined;
  return [label, own[label] ?? (part ? parseLocality(locality)[part] : '')];
}
