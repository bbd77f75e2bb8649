import type { TelemetryResource } from './telemetry-resource.ts';

/** Whom telemetry is decided for. */
export interface TelemetryWorkload {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Its Telemetries without selector are for the whole mesh. `istio-system` unless the mesh configuration says another. */
  readonly rootNamespace: string;
}

/**
 * The Telemetries that speak to a workload, the nearest last: the mesh's, the namespace's, the one that selects it. Of several on one level the
 * oldest counts, as in Istio.
 */
export function applicableTelemetries(
  telemetries: readonly TelemetryResource[],
  { namespace, labels, rootNamespace }: TelemetryWorkload,
): readonly TelemetryResource[] {
  const sorted = telemetries.toSorted(byAge);
  const general = (where: string): TelemetryResource | undefined =>
    sorted.find((each) => each.metadata.namespace === where && !isSelective(each));
  const selected = sorted.find((each) => each.metadata.namespace === namespace && isSelective(each) && selects(each, labels));
  const levels = [general(rootNamespace), namespace === rootNamespace ? undefined : general(namespace), selected];
  return levels.filter((level) => level !== undefined);
}

function isSelective({ spec }: TelemetryResource): boolean {
  return Object.keys(spec.selector?.matchLabels ?? {}).length > 0;
}

function selects({ spec }: TelemetryResource, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(spec.selector?.matchLabels ?? {}).every(([name, value]) => labels[name] === value);
}

function byAge({ metadata: a }: TelemetryResource, { metadata: b }: TelemetryResource): number {
  return (
    compareText(a.creationTimestamp ?? '', b.creationTimestamp ?? '') ||
    compareText(`${a.name}.${a.namespace}`, `${b.name}.${b.namespace}`)
  );
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
