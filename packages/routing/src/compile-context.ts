import type { ServiceDescription } from '@lateen/discovery';
import { resourcesOfKind } from '@lateen/resources';
import { type CompileCache, VirtualHosts } from './compile-cache.ts';
import type { CompileInput } from './compile-input.ts';
import { type Egress, egressOf } from './egress.ts';
import { SEEN, seenFrom } from './visibility.ts';
import { visibleVirtualServices, type VisibleVirtualService } from './virtual-services.ts';

/** The input sorted and completed once, for all that is compiled from it. */
export interface CompileContext {
  readonly input: CompileInput;
  readonly cache: CompileCache;
  /** Those of this compilation, and those of the one before. */
  readonly virtualHosts: VirtualHosts;
  readonly lastVirtualHosts: VirtualHosts | undefined;
  readonly virtualServices: readonly VisibleVirtualService[];
  readonly egress: Egress;
  /** By host: what the caller sees, and what rules that it sees lead to. Clusters are made for these. */
  readonly services: ReadonlyMap<string, ServiceDescription>;
  /** IP addresses that ServiceEntries give their hosts; callers may name them instead. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
}

export function compileContext(input: CompileInput, cache: CompileCache): CompileContext {
  const exported = exportedServices(input);
  const virtualServices = visibleVirtualServices(input, cache.virtualServices);
  const egress = egressOf(input, exported, virtualServices);
  const services = reachableServices(egress, exported, input.self.namespace);
  const otherResources = input.revision.resources.filter(({ kind }) => kind !== 'VirtualService' && kind !== 'DestinationRule');
  return {
    input,
    cache,
    virtualHosts: new VirtualHosts({ services: [...services.values()], virtualServices, otherResources }),
    lastVirtualHosts: cache.last.virtualHosts,
    virtualServices,
    egress,
    services,
    addresses: serviceAddresses(input),
  };
}

export function servesMesh(input: CompileInput): boolean {
  return input.gateways.includes('mesh');
}

/** Without those that a ServiceEntry keeps from the caller. */
function exportedServices({ revision, services, self, meshConfig }: CompileInput): readonly ServiceDescription[] {
  const hidden = new Set(
    resourcesOfKind(revision, 'ServiceEntry')
      .filter(({ spec, metadata }) => {
        const seen = seenFrom(spec.exportTo, metadata.namespace, self.namespace, meshConfig?.defaultServiceExportTo);
        return seen === SEEN.hidden;
      })
      .flatMap(({ spec, metadata }) => spec.hosts.map((host) => `${metadata.namespace}/${host.toLowerCase()}`)),
  );
  return hidden.size === 0 ? services : services.filter(({ namespace, host }) => !hidden.has(`${namespace}/${host}`));
}

/** A Sidecar hides a host from callers, not from the rules that lead to it. */
function reachableServices(
  { views, sidecar }: Egress,
  exported: readonly ServiceDescription[],
  ownNamespace: string,
): ReadonlyMap<string, ServiceDescription> {
  const byHost = new Map<string, ServiceDescription>();
  for (const view of views) for (const service of view.services) if (!byHost.has(service.host)) byHost.set(service.host, service);
  if (!sidecar) return byHost;
  const destinations = new Set(views.flatMap(({ virtualServices }) => virtualServices.flatMap(destinationHosts)));
  for (const service of exported) {
    if (!destinations.has(service.host)) continue;
    const known = byHost.get(service.host);
    const isNearer = known && !isSeen(views, known) && service.namespace === ownNamespace;
    if (!known || isNearer) byHost.set(service.host, service);
  }
  return byHost;
}

function isSeen(views: Egress['views'], service: ServiceDescription): boolean {
  return views.some(({ services }) => services.includes(service));
}

function destinationHosts({ rules }: VisibleVirtualService): string[] {
  return rules.flatMap(({ spec: { route = [], mirror, mirrors = [] } }) => [
    ...route.map(({ destination }) => destination.host),
    ...(mirror ? [mirror.host] : []),
    ...mirrors.map(({ destination }) => destination.host),
  ]);
}

function serviceAddresses({ revision }: CompileInput): ReadonlyMap<string, readonly string[]> {
  const byHost = new Map<string, readonly string[]>();
  for (const { spec } of resourcesOfKind(revision, 'ServiceEntry')) {
    const addresses = (spec.addresses ?? []).filter((address) => !address.includes('/'));
    if (addresses.length === 0) continue;
    for (const host of spec.hosts) byHost.set(host.toLowerCase(), addresses.map(authorityOf));
  }
  return byHost;
}

/** An IPv6 address stands in brackets where a host stands. */
function authorityOf(address: string): string {
  return address.includes(':') ? `[${address.toLowerCase()}]` : address;
}
