import { destinationCluster, type DestinationScope, type DestinationSpec } from './destinations.ts';
import type { Mirror } from './route.ts';
import { shareOf } from './share.ts';

/** The mirror fields of a rule as written. */
export interface MirrorsSpec {
  readonly mirror?: DestinationSpec;
  readonly mirrorPercentage?: { readonly value?: number };
  /** Deprecated, whole numbers. */
  readonly mirrorPercent?: number;
  readonly mirrors?: readonly { readonly destination: DestinationSpec; readonly percentage?: { readonly value?: number } }[];
}

/** An absent percentage is 100; mirrors of 0 are left out. */
export function compileMirrors(spec: MirrorsSpec, scope: DestinationScope): readonly Mirror[] {
  const mirrors: Mirror[] = (spec.mirrors ?? []).map((mirror) => ({
    cluster: destinationCluster(mirror.destination, scope),
    share: mirrorShare(mirror.percentage, undefined),
  }));
  if (spec.mirror) {
    mirrors.push({
      cluster: destinationCluster(spec.mirror, scope),
      share: mirrorShare(spec.mirrorPercentage, spec.mirrorPercent),
    });
  }
  return mirrors.filter((mirror) => mirror.share > 0);
}

function mirrorShare(percentage: { readonly value?: number } | undefined, percent: number | undefined): number {
  return shareOf(percentage ? (percentage.value ?? 0) : (percent ?? 100));
}
