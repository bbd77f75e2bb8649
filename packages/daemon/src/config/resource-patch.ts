import type { ResourceChange, ResourceReference } from '@lateen/control';
import { type Resource, resourceKey } from '@lateen/resources';

/** A changed configuration and what changed. */
export interface Patched {
  readonly resources: readonly Resource[];
  readonly changes: readonly ResourceChange[];
}

/** `incoming` in place of what has the same key, new ones at the end. */
export function mergePatch(current: readonly Resource[], incoming: readonly Resource[]): Patched {
  const merged = new Map(current.map((resource) => [resourceKey(resource), resource]));
  const changes = incoming.map((resource): ResourceChange => {
    const key = resourceKey(resource);
    const before = merged.get(key);
    const same = before !== undefined && isSame(before, resource);
    if (!same) merged.set(key, resource);
    return { ...referenceTo(resource), action: same ? 'unchanged' : before ? 'configured' : 'created' };
  });
  return { resources: [...merged.values()], changes };
}

/** Without those that are named. A name that is not there changes nothing, and is told as `unchanged`. */
export function deletePatch(current: readonly Resource[], references: readonly ResourceReference[]): Patched {
  const kept = new Set(current);
  const changes = references.map((reference): ResourceChange => {
    const found = [...kept].filter((resource) => sameReference(referenceTo(resource), reference));
    for (const resource of found) kept.delete(resource);
    return { ...reference, action: found.length > 0 ? 'deleted' : 'unchanged' };
  });
  return { resources: [...kept], changes };
}

/** The same meaning; where it was written does not count. */
function isSame(a: Resource, b: Resource): boolean {
  const meaning = ({ apiVersion, metadata, spec }: Resource): string => canonicalJson({ apiVersion, metadata, spec });
  return meaning(a) === meaning(b);
}

/** Keys in order, so that the order of writing does not count. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

function referenceTo({ kind, metadata }: Resource): ResourceReference {
  return { kind, namespace: metadata.namespace, name: metadata.name };
}

function sameReference(a: ResourceReference, b: ResourceReference): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}
