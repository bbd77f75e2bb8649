import type { ServiceDescription } from '@lateen/discovery';
import type { Resource } from '@lateen/resources';
import type { ClusterSpec } from './cluster-spec.ts';
import type { ServiceClusters } from './clusters.ts';
import type { DestinationRules } from './destination-rules.ts';
import type { PortHosts } from './hosts-by-port.ts';
import type { CompiledRules } from './route-compiler.ts';
import { sameItems } from './same-items.ts';
import type { VirtualHost } from './virtual-host.ts';
import type { KnownVirtualServices, VisibleVirtualService } from './virtual-services.ts';

/** The rules of one VirtualService for one host, with what else they depend on. */
export interface RulesOfHost {
  readonly gateway: string;
  readonly port: number;
  readonly impliedPorts: string;
  readonly compiled: CompiledRules;
}

/**
 * What earlier compilations with the same settings made, so that a change costs what it changes. Everything is found again by the
 * identity of the resources it was made of.
 */
export class CompileCache {
  readonly virtualServices: KnownVirtualServices = new WeakMap();
  /** By host. */
  readonly rules = new WeakMap<VisibleVirtualService, Map<string, RulesOfHost[]>>();
  /** The last table's; the next one takes what it needs and leaves the rest behind. */
  last: Generation = new Generation();
  next: Generation = new Generation();

  /** Before a compilation: what one that failed left is of no use. */
  forgetNext(): void {
    this.next = new Generation();
  }

  /** After a compilation that succeeded. */
  turn(): void {
    this.last = this.next;
    this.next = new Generation();
  }
}

/** What is kept by port, then by host; made where it is missing. */
export function onPort<T>(map: Map<number, Map<string, T>>, port: number): Map<string, T> {
  let known = map.get(port);
  if (!known) map.set(port, (known = new Map<string, T>()));
  return known;
}

/** What one table is made of. */
export class Generation {
  destinationRules: DestinationRules | undefined;
  /** By host of the service. */
  readonly serviceClusters = new Map<string, ServiceClusters>();
  clusters: ReadonlyMap<string, ClusterSpec> | undefined;
  virtualHosts: VirtualHosts | undefined;
}

/** The virtual hosts of one table and what they were made of. */
export class VirtualHosts {
  /** By port, then by host. */
  hosts = new Map<number, Map<string, VirtualHost>>();
  /** By port, then by host. */
  defaultRules = new Map<number, Map<string, CompiledRules>>();
  /** Those that own nothing on some port, since no rule of theirs is for this caller there. */
  idleRules = new Set<VisibleVirtualService>();
  readonly byPort = new Map<number, PortHosts>();
  list: readonly VirtualHost[] = [];
  readonly services: readonly ServiceDescription[];
  readonly virtualServices: readonly VisibleVirtualService[];
  /** Neither VirtualServices nor DestinationRules. */
  readonly otherResources: readonly Resource[];

  constructor({
    services,
    virtualServices,
    otherResources,
  }: Pick<VirtualHosts, 'services' | 'virtualServices' | 'otherResources'>) {
    this.services = services;
    this.virtualServices = virtualServices;
    this.otherResources = otherResources;
  }

  isMadeOf(other: VirtualHosts): boolean {
    return sameItems(this.virtualServices, other.virtualServices) && this.hasSurroundingsOf(other);
  }

  /** All but the VirtualServices. */
  hasSurroundingsOf({ services, otherResources }: VirtualHosts): boolean {
    return sameItems(this.services, services) && sameItems(this.otherResources, otherResources);
  }
}
