import type { Resource } from '@lateen/resources';

/** Istio's order of resources where the first counts: the older one, of equally old ones the one whose `name.namespace` comes first. */
export function byCreation({ metadata: a }: Resource, { metadata: b }: Resource): number {
  return compareText(createdAt(a), createdAt(b)) || compareText(`${a.name}.${a.namespace}`, `${b.name}.${b.namespace}`);
}

/** RFC 3339 in UTC sorts as text; a resource that was never in a cluster has none and counts as oldest. */
function createdAt({ creationTimestamp = '' }: Resource['metadata']): string {
  return creationTimestamp;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
