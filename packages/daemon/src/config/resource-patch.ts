import type { ResourceChange, ResourceReference } from '@lateen/control';
import { makeRevision, mergeResources, type Resource, removeResources, resourceKey } from '@lateen/resources';

/** A changed configuration and what changed. */
export interface Patched {
  readonly resources: readonly Resource[];
  readonly changes: readonly ResourceChange[];
}

/**
 * `incoming` in place of what has the same key; of one given twice the last counts, as if they had been applied one by one.
 * What says the same as before stays as it was written before.
 */
export function mergePatch(current: readonly Resource[], incoming: readonly Resource[]): Patched {
  const before = new Map(current.map((resource) => [resourceKey(resource), resource]));
  const last = new Map(incoming.map((resource) => [resourceKey(resource), resource]));
  const actions = [...last.values()].map((resource) => ({
    resource,
    action: actionFor(before.get(resourceKey(resource)), resource),
  }));
  const changed = actions.filter(({ action }) => action !== 'unchanged').map(({ resource }) => resource);
  return {
    resources: mergeResources(current, changed),
    changes: actions.map(({ resource, action }) => ({ ...referenceTo(resource), action })),
  };
}

/** Without those that are named. A name that is not there changes nothing, and is told as `unchanged`. */
export function deletePatch(current: readonly Resource[], references: readonly ResourceReference[]): Patched {
  const present = new Set(current.map((resource) => referenceKey(referenceTo(resource))));
  return {
    resources: removeResources(current, references),
    changes: references.map((reference) => ({
      ...reference,
      action: present.has(referenceKey(reference)) ? 'deleted' : 'unchanged',
    })),
  };
}

function actionFor(before: Resource | undefined, after: Resource): ResourceChange['action'] {
  if (!before) return 'created';
  return meaning(before) === meaning(after) ? 'unchanged' : 'configured';
}

/** The same for two resources that say the same, wherever and in whatever order they were written. */
function meaning(resource: Resource): string {
  return makeRevision([resource], { number: 0, author: '', time: 0 }).hash;
}

function referenceTo({ kind, metadata }: Resource): ResourceReference {
  return { kind, namespace: metadata.namespace, name: metadata.name };
}

function referenceKey({ kind, namespace, name }: ResourceReference): string {
  return `${kind}/${namespace}/${name}`;
}
