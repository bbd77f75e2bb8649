import type { Resource } from '../resource.ts';

/** `default/reviews`; just the name where there is no namespace. */
export function fullName({ metadata: { namespace, name } }: Pick<Resource, 'metadata'>): string {
  return joinName(namespace, name);
}

/** What a reference means: `edge` in `default` and `default/edge` are one. */
export function referenceName(written: string, namespace: string): string {
  return written.includes('/') ? written : joinName(namespace, written);
}

/** `[a b]`: how Istio's messages write a list. */
export const listText = (items: readonly (string | number)[]): string => `[${items.join(' ')}]`;

const joinName = (namespace: string, name: string): string => (namespace === '' ? name : `${namespace}/${name}`);
