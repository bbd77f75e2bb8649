import { HostMap, isWildcard } from './host-names.ts';
import type { VisibleVirtualService } from './virtual-services.ts';

/** Finds the VirtualServices for a host without looking at all of them. */
export class VirtualServiceIndex {
  readonly #order: ReadonlyMap<VisibleVirtualService, number>;
  readonly #exact = new Map<string, VisibleVirtualService[]>();
  readonly #wildcards = new HostMap<VisibleVirtualService>();

  /** @param rules in the order in which they count */
  constructor(rules: readonly VisibleVirtualService[]) {
    this.#order = new Map(rules.map((rule, position) => [rule, position]));
    for (const rule of rules) for (const host of rule.hosts) this.#add(host, rule);
  }

  /**
   * The VirtualServices that own any of these services, in their order, with what they own: all that name a service exactly, else the
   * oldest with the longest wildcard over it.
   *
   * @param all also those that own none
   */
  owners(hosts: readonly string[], all: boolean): [VisibleVirtualService, string[]][] {
    const owned = new Map<VisibleVirtualService, string[]>();
    if (all) for (const rule of this.#order.keys()) owned.set(rule, []);
    for (const host of hosts) {
      for (const rule of this.#rulesFor(host)) {
        const services = owned.get(rule);
        if (services) services.push(host);
        else owned.set(rule, [host]);
      }
    }
    return [...owned].sort(([a], [b]) => this.#position(a) - this.#position(b));
  }

  #rulesFor(host: string): readonly VisibleVirtualService[] {
    const exact = this.#exact.get(host);
    if (exact) return exact;
    const widest = this.#wildcards.findHost(host);
    return widest ? [widest] : [];
  }

  #position(rule: VisibleVirtualService): number {
    return this.#order.get(rule) as number;
  }

  #add(host: string, rule: VisibleVirtualService): void {
    // Istio refuses a lone `*` in the mesh.
    if (host === '*') return;
    if (isWildcard(host)) {
      this.#wildcards.add(host, rule);
      return;
    }
    const rules = this.#exact.get(host);
    if (!rules) this.#exact.set(host, [rule]);
    else if (!rules.includes(rule)) rules.push(rule);
  }
}
