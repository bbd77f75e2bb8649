import type { VirtualServiceSpec } from '../kinds/index.ts';
import type { Resource } from '../resource.ts';

export type VirtualServiceResource = Resource<'VirtualService', VirtualServiceSpec>;

/** A place of a VirtualService that names where requests go. */
export interface NamedDestination {
  readonly host: string;
  readonly subset: string | undefined;
  readonly pointer: string;
}

/** Route destinations and mirrors, in the order of the file. */
export function destinationsOf({ spec }: VirtualServiceResource): NamedDestination[] {
  return (spec.http ?? []).flatMap((route, index) => {
    const at = `/spec/http/${index}`;
    const named = [
      ...(route.route ?? []).map(({ destination }, position) => ({
        destination,
        pointer: `${at}/route/${position}/destination`,
      })),
      ...(route.mirror ? [{ destination: route.mirror, pointer: `${at}/mirror` }] : []),
      ...(route.mirrors ?? []).map(({ destination }, position) => ({
        destination,
        pointer: `${at}/mirrors/${position}/destination`,
      })),
    ];
    return named.map(({ destination, pointer }) => ({ host: destination.host, subset: destination.subset, pointer }));
  });
}
