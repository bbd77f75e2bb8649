import { destinationCluster, type DestinationScope } from './destinations.ts';
import type { Mirror } from './route.ts';
import { shareOf } from './share.ts';
import type { HttpRuleSpec, PercentageSpec } from './spec-types.ts';

/** An absent percentage is 100; mirrors of 0 are left out. */
export function compileMirrors(
  { mirror, mirrorPercentage, mirrorPercent, mirror_percent, mirrors = [] }: MirrorFields,
  scope: DestinationScope,
): readonly Mirror[] {
  const older = mirrorPercent ?? mirror_percent ?? undefined;
  const percentage = mirrorPercentage ?? (older === undefined ? undefined : { value: older });
  const wanted = mirror ? [{ destination: mirror, percentage }, ...mirrors] : mirrors;
  return wanted
    .map(({ destination, percentage }) => ({ cluster: destinationCluster(destination, scope), share: mirrorShare(percentage) }))
    .filter(({ share }) => share > 0);
}

type MirrorFields = Pick<HttpRuleSpec, 'mirror' | 'mirrorPercentage' | 'mirrorPercent' | 'mirror_percent' | 'mirrors'>;

function mirrorShare(percentage: PercentageSpec): number {
  return shareOf(percentage ? (percentage.value ?? 0) : 100);
}
