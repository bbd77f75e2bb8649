import type { InstanceDescription } from '@lateen/discovery';
import { instanceKey, serviceHost } from '../wire.ts';

/** Hosts whose instances changed. */
export type ChangedHosts = ReadonlySet<string>;

/** The registry's instances as lateend tells them. Each method returns the hosts it changed. */
export class InstanceTable {
  readonly #byHost = new Map<string, Map<string, InstanceDescription>>();
  readonly #hostOf = new Map<string, string>();
  /** Known from before and missing in a snapshot of a lateend that is still settling. */
  readonly #unconfirmed = new Set<string>();

  /** Of one host, in the order they came. */
  *of(host: string): Generator<InstanceDescription> {
    yield* this.#byHost.get(host)?.values() ?? [];
  }

  *all(): Generator<InstanceDescription> {
    for (const instances of this.#byHost.values()) yield* instances.values();
  }

  /** A whole registry. What is missing is gone, or (`settling`) stays until {@link settle}. */
  replace(instances: readonly InstanceDescription[], settling: boolean): ChangedHosts {
    const named = new Set(instances.map(instanceKey));
    const missing = [...this.#hostOf.keys()].filter((key) => !named.has(key));
    const changed = new Set<string>();
    this.#unconfirmed.clear();
    if (settling) for (const key of missing) this.#unconfirmed.add(key);
    else this.#removeAll(missing, changed);
    for (const instance of instances) this.#put(instance, changed);
    return changed;
  }

  /** A change. Removals are certain. */
  update(upserted: readonly InstanceDescription[], removed: readonly string[]): ChangedHosts {
    const changed = new Set<string>();
    this.#removeAll(removed, changed);
    for (const instance of upserted) this.#put(instance, changed);
    return changed;
  }

  /** Whoever is alive has said so by now: the unconfirmed go. */
  settle(): ChangedHosts {
    const changed = new Set<string>();
    this.#removeAll([...this.#unconfirmed], changed);
    return changed;
  }

  #put(instance: InstanceDescription, changed: Set<string>): void {
    const key = instanceKey(instance);
    const host = serviceHost(instance.service, instance.namespace);
    if (this.#hostOf.get(key) !== host) this.#removeAll([key], changed);
    this.#unconfirmed.delete(key);
    let instances = this.#byHost.get(host);
    if (!instances) this.#byHost.set(host, (instances = new Map()));
    const before = instances.get(key);
    if (before && JSON.stringify(before) === JSON.stringify(instance)) return;
    instances.set(key, instance);
    this.#hostOf.set(key, host);
    changed.add(host);
  }

  #removeAll(keys: readonly string[], changed: Set<string>): void {
    for (const key of keys) {
      const host = this.#hostOf.get(key);
      this.#unconfirmed.delete(key);
      if (host === undefined) continue;
      this.#hostOf.delete(key);
      const instances = this.#byHost.get(host) as Map<string, InstanceDescription>;
      instances.delete(key);
      if (instances.size === 0) this.#byHost.delete(host);
      changed.add(host);
    }
  }
}
