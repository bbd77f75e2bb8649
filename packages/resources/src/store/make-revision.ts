import { createHash } from 'node:crypto';
import { type Resource, resourceKey } from '../resource.ts';
import type { Revision } from '../resource-set.ts';

/** A revision of these resources, in the order of their keys; the hash depends on what they say, not on where they were written. */
export function makeRevision(
  resources: readonly Resource[],
  { number, author, time }: { readonly number: number; readonly author: string; readonly time: number },
): Revision {
  const sorted = resources.toSorted((left, right) => (resourceKey(left) < resourceKey(right) ? -1 : 1));
  return { number, hash: hashOf(sorted), resources: sorted, author, time };
}

function hashOf(resources: readonly Resource[]): string {
  const hash = createHash('sha256');
  for (const { apiVersion, kind, metadata, spec } of resources) hash.update(canonicalJson({ apiVersion, kind, metadata, spec }));
  return hash.digest('hex').slice(0, 16);
}

/** JSON with sorted keys: equal meaning, equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}
