import { type Resource, resourceKey } from '../resource.ts';

/** `changes` over `existing`, by identity; of two changes to one resource the later counts. */
export function mergeResources(existing: readonly Resource[], changes: readonly Resource[]): Resource[] {
  const merged = new Map(existing.map((resource) => [resourceKey(resource), resource]));
  for (const resource of changes) merged.set(resourceKey(resource), resource);
  return [...merged.values()];
}

/** What is left of `existing` without those named. */
export function removeResources(
  existing: readonly Resource[],
  references: readonly { readonly kind: string; readonly namespace: string; readonly name: string }[],
): Resource[] {
  const gone = new Set(references.map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`));
  return existing.filter(({ kind, metadata }) => !gone.has(`${kind}/${metadata.namespace}/${metadata.name}`));
}
