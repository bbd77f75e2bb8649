import type { Resource } from '@lateen/resources';

const keys = new WeakMap<Resource, string>();

/**
 * Resources in Istio's order where the first counts: the older one, of equally old ones the one whose `name.namespace` comes first. A
 * resource that was never in a cluster counts as oldest.
 */
export function byCreation<T extends Resource>(resources: T[]): T[] {
  return resources.sort((a, b) => {
    const one = keyOf(a);
    const other = keyOf(b);
    return one < other ? -1 : one > other ? 1 : 0;
  });
}

/** RFC 3339 in UTC sorts as text. */
function keyOf(resource: Resource): string {
  let key = keys.get(resource);
  if (key === undefined) {
    const { creationTimestamp = '', name, namespace } = resource.metadata;
    key = `${creationTimestamp} ${name}.${namespace}`;
    keys.set(resource, key);
  }
  return key;
}
