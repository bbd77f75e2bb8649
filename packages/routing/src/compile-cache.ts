import type { ServiceClusters } from './clusters.ts';
import type { MergedRules } from './destination-rules.ts';
import type { CompiledRules } from './route-compiler.ts';
import type { VirtualHost } from './virtual-host.ts';
import type { KnownVirtualServices, VisibleVirtualService } from './virtual-services.ts';

/**
 * What earlier compilations with the same settings made, so that a change costs what it changes. Everything is found again by the
 * identity of the resources it was made of.
 */
export class CompileCache {
  readonly virtualServices: KnownVirtualServices = new WeakMap();
  /** By host, port and gateway. */
  readonly rules = new WeakMap<VisibleVirtualService, Map<string, CompiledRules>>();
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

/** What one table is made of. */
class Generation {
  destinationRules: MergedRules = new Map();
  /** By port and host. */
  readonly hosts = new Map<string, VirtualHost>();
  /** By port and host. */
  readonly defaultRules = new Map<string, CompiledRules>();
  /** By host of the service. */
  readonly clusters = new Map<string, ServiceClusters>();
}
