import type { VirtualServiceSpec } from '../kinds/index.ts';
import type { Resource } from '../resource.ts';

export type VirtualServiceResource = Resource<'VirtualService', VirtualServiceSpec>;

/** A place of a VirtualService that names where requests go. */
export interface NamedDestination {
  readonly host: string;
  readonly subset: string | undefined;
  readonly isMirror: boolean;
  /** Where the host stands. */
  readonly pointer: string;
}

/** Route destinations and mirrors, in the order of the file. */
export function destinationsOf({ spec }: VirtualServiceResource): NamedDestination[] {
  return (spec.http ?? []).flatMap((route, index) => {
    const at = `/spec/http/${index}`;
    const named = [
      ...(route.route ?? []).map(({ destination }, position) => ({
        destination,
        isMirror: false,
        pointer: `${at}/route/${position}/destination/host`,
      })),
      ...(route.mirror ? [{ destination: route.mirror, isMirror: true, pointer: `${at}/mirror/host` }] : []),
      ...(route.mirrors ?? []).map(({ destination }, position) => ({
        destination,
        isMirror: true,
        pointer: `${at}/mirrors/${position}/destination/host`,
      })),
    ];
    return named.map(({ destination: { host, subset }, ...place }) => ({ host, subset, ...place }));
  });
}
