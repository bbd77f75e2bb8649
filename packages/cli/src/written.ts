import type { Resource } from '@lateen/resources';

/** A resource as one writes it: without its places, and without empty labels and annotations. */
export function asWritten({ apiVersion, kind, metadata, spec }: Resource): object {
  const { name, namespace, labels, annotations } = metadata;
  const isEmpty = (map: object): boolean => Object.keys(map).length === 0;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, ...(isEmpty(labels) ? {} : { labels }), ...(isEmpty(annotations) ? {} : { annotations }) },
    spec,
  };
}
