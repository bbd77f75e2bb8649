import { Cell, derive, type Derived, type EndpointSet, NO_ENDPOINTS, type Unsubscribe, type Watched } from '@lateen/core';
import type { InstanceDescription, Registration, Registry, ServiceDescription } from './registry.ts';

/** Several sources as one. The first that knows a host answers for it: its description and its endpoints. */
export function mergeRegistries(registries: readonly Registry[]): Registry {
  const [only] = registries;
  return only && registries.length === 1 ? only : new MergedRegistry(registries);
}

class MergedRegistry implements Registry {
  readonly name: string;
  readonly services: Derived<readonly ServiceDescription[]>;
  readonly ready: Derived<boolean>;
  readonly staleSince: Derived<number>;
  readonly register?: (instance: InstanceDescription) => Promise<Registration>;
  readonly #registries: readonly Registry[];
  readonly #sets = new Map<string, MergedSet>();

  constructor(registries: readonly Registry[]) {
    this.name = registries.map((registry) => registry.name).join(',');
    this.#registries = registries;
    this.services = derive(
      registries.map((registry) => registry.services),
      (...lists) => union(lists),
    );
    this.ready = derive(
      registries.map((registry) => registry.ready),
      (...all) => all.every(Boolean),
    );
    this.staleSince = derive(
      registries.map((registry) => registry.staleSince),
      (...all) => earliest(all),
    );
    const writable = registries.filter((registry) => registry.register);
    if (writable.length > 0) this.register = (instance) => registerWithAll(writable, instance);
    // Before anyone else can subscribe, so that whoever hears of a service finds its endpoints in place.
    this.services.subscribe(() => this.#reassign());
    this.ready.subscribe(() => this.#reassign());
  }

  endpoints(host: string, port: number): Watched<EndpointSet> {
    const name = host.toLowerCase();
    const key = `${name}:${port}`;
    let set = this.#sets.get(key);
    if (!set) {
      set = new MergedSet(name, port);
      set.follow(this.#ownerOf(name), this.ready.value);
      this.#sets.set(key, set);
    }
    return set.cell;
  }

  async close(): Promise<void> {
    for (const derived of [this.services, this.ready, this.staleSince]) derived.close();
    for (const set of this.#sets.values()) set.close();
    await Promise.all(this.#registries.map((registry) => registry.close()));
  }

  #reassign(): void {
    for (const set of this.#sets.values()) set.follow(this.#ownerOf(set.host), this.ready.value);
  }

  #ownerOf(host: string): Registry | undefined {
    return this.#registries.find((registry) => registry.services.value.some((service) => service.host === host));
  }
}

/** One host and port, following whichever source answers for the host. */
class MergedSet {
  readonly host: string;
  readonly cell = new Cell<EndpointSet>(NO_ENDPOINTS);
  readonly #port: number;
  #owner: Registry | undefined;
  #unsubscribe: Unsubscribe | undefined;

  constructor(host: string, port: number) {
    this.host = host;
    this.#port = port;
  }

  /** @param allReady every source has answered: then a host that none of them knows has no endpoints for certain. */
  follow(owner: Registry | undefined, allReady: boolean): void {
    if (!owner) return this.#followNobody(allReady);
    if (owner === this.#owner) return;
    this.close();
    this.#owner = owner;
    const source = owner.endpoints(this.host, this.#port);
    this.#unsubscribe = source.subscribe((set) => this.#set(set));
    this.#set(source.value);
  }

  close(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#owner = undefined;
  }

  #followNobody(ready: boolean): void {
    const { value } = this.cell;
    const told = this.#owner === undefined && value.ready === ready;
    this.close();
    if (!told) this.#set({ ...NO_ENDPOINTS, ready });
  }

  /** Versions count here: those of two sources say nothing about each other. */
  #set(set: EndpointSet): void {
    this.cell.set({ ...set, version: this.cell.value.version + 1 });
  }
}

function union(lists: readonly (readonly ServiceDescription[])[]): readonly ServiceDescription[] {
  const known = new Set<string>();
  const services: ServiceDescription[] = [];
  for (const list of lists) {
    const fresh = list.filter((service) => !known.has(service.host));
    for (const service of fresh) known.add(service.host);
    services.push(...fresh);
  }
  return services;
}

function earliest(times: readonly number[]): number {
  const stale = times.filter((time) => time > 0);
  return stale.length > 0 ? Math.min(...stale) : 0;
}

async function registerWithAll(registries: readonly Registry[], instance: InstanceDescription): Promise<Registration> {
  const registered: Registration[] = [];
  try {
    for (const registry of registries) registered.push(await (registry.register as NonNullable<Registry['register']>)(instance));
  } catch (error) {
    await Promise.all(registered.map((registration) => registration.deregister({ ackTimeoutMs: 0 })));
    throw error;
  }
  return {
    async deregister(options) {
      await Promise.all(registered.map((registration) => registration.deregister(options)));
    },
  };
}
