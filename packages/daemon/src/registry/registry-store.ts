import { instanceKey, isName, type RegisterBody } from '@lateen/control';
import { type Clock, LateenError, type Watched } from '@lateen/core';
import type { InstanceDescription, ServiceDescription } from '@lateen/discovery';
import type { PeerIdentity } from '@lateen/identity';
import { KnownServices } from './known-services.ts';
import { Leases } from './leases.ts';
import { type RegistryState, RegistryWriter, type SavedInstance } from './registry-state.ts';

/** One step of the registry, for the watchers. */
export interface RegistryChange {
  readonly version: number;
  /** All of them, when one changed. */
  readonly services?: readonly ServiceDescription[];
  readonly upserted: readonly InstanceDescription[];
  /** Keys. */
  readonly removed: readonly string[];
}

export interface RegistryStoreOptions {
  readonly stateDir: string;
  readonly saved: RegistryState | undefined;
  /** Which IDs may serve a service. */
  readonly grants: Watched<ReadonlyMap<string, readonly string[]>>;
  readonly leaseMs: number;
  readonly clock: Clock;
  isConnected(instance: string): boolean;
  /** `awaited`: somebody drains, and waits until the watchers have seen it. */
  onChange(change: RegistryChange, awaited: boolean): void;
}

/** Who serves what: instances with a lease, authenticated by their certificates, kept over restarts. */
export class RegistryStore {
  readonly #options: RegistryStoreOptions;
  readonly #instances = new Map<string, SavedInstance>();
  readonly #known: KnownServices;
  readonly #leases: Leases;
  readonly #writer: RegistryWriter;
  readonly #unsubscribe: () => void;
  #services: readonly ServiceDescription[];
  #version: number;

  constructor(options: RegistryStoreOptions) {
    const { stateDir, saved, grants, leaseMs, clock, isConnected } = options;
    this.#options = options;
    this.#version = saved?.version ?? 0;
    this.#known = new KnownServices(saved?.services ?? []);
    this.#services = this.#known.describe(grants.value);
    this.#leases = new Leases({ leaseMs, clock, isConnected, onExpired: (instance) => this.#expire(instance) });
    this.#writer = new RegistryWriter(stateDir, () => this.#state());
    for (const entry of saved?.instances ?? []) {
      this.#instances.set(instanceKey(entry.description), entry);
      this.#leases.renew(entry.description.instance);
    }
    this.#unsubscribe = grants.subscribe(() => this.#publish({ services: this.#describe(), upserted: [], removed: [] }, false));
  }

  get version(): number {
    return this.#version;
  }

  get services(): readonly ServiceDescription[] {
    return this.#services;
  }

  instances(): InstanceDescription[] {
    return [...this.#instances.values()].map((entry) => entry.description);
  }

  /**
   * Registers, or renews. Everything that says who the instance is comes from the certificate.
   *
   * @throws {LateenError} `LATEEN_REGISTER_REFUSED` when it does not grant the service, or the instance is somebody else's.
   */
  async put(peer: PeerIdentity, instance: string, body: RegisterBody): Promise<InstanceDescription> {
    const description = describeInstance(peer, instance, body);
    this.refuseForeign(peer, instance);
    this.#leases.renew(instance);
    const key = instanceKey(description);
    const before = this.#instances.get(key);
    if (before && JSON.stringify(before.description) === JSON.stringify(description)) return description;
    this.#instances.set(key, { description, owner: peer.principal.id });
    const services = this.#known.learn(description) ? { services: this.#describe() } : {};
    this.#publish({ ...services, upserted: [description], removed: [] }, false);
    await this.#writer.save();
    return description;
  }

  /**
   * Takes an instance out, on one logical port or on all. Resolves at once with the version in which it is gone;
   * undefined when it was not there.
   */
  remove(peer: PeerIdentity, instance: string, servicePort: number | undefined, awaited: boolean): number | undefined {
    this.refuseForeign(peer, instance);
    const keys = this.#keysOf(instance).filter(
      (key) => servicePort === undefined || this.#instances.get(key)?.description.servicePort === servicePort,
    );
    if (keys.length === 0) return undefined;
    this.#take(keys, awaited);
    return this.#version;
  }

  /** The stream of a process ended: its lease starts to run. */
  streamEnded(instance: string): void {
    if (this.#keysOf(instance).length > 0) this.#leases.renew(instance);
  }

  /** @throws {LateenError} `LATEEN_REGISTER_REFUSED` when the id belongs to another identity. */
  refuseForeign({ principal }: PeerIdentity, instance: string): void {
    for (const { description, owner } of this.#instances.values()) {
      if (description.instance !== instance || owner === principal.id) continue;
      throw new LateenError(
        'LATEEN_REGISTER_REFUSED',
        `instance ${instance} was registered by another identity than ${principal.id}`,
        {
          target: instance,
          hint: 'choose another instance id',
        },
      );
    }
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    this.#leases.close();
    await this.#writer.save();
  }

  #expire(instance: string): void {
    this.#take(this.#keysOf(instance), false);
  }

  #take(keys: readonly string[], awaited: boolean): void {
    if (keys.length === 0) return;
    for (const key of keys) this.#instances.delete(key);
    this.#publish({ upserted: [], removed: keys }, awaited);
    // Not awaited: should it be lost, the lease ends it once more after a restart.
    this.#writer.save().catch(() => {});
  }

  #keysOf(instance: string): string[] {
    return [...this.#instances].filter(([, entry]) => entry.description.instance === instance).map(([key]) => key);
  }

  #describe(): readonly ServiceDescription[] {
    return (this.#services = this.#known.describe(this.#options.grants.value));
  }

  #publish(change: Omit<RegistryChange, 'version'>, awaited: boolean): void {
    this.#options.onChange({ ...change, version: ++this.#version }, awaited);
  }

  #state(): RegistryState {
    return { version: this.#version, instances: [...this.#instances.values()], services: this.#known.all() };
  }
}

function describeInstance({ principal, services }: PeerIdentity, instance: string, body: RegisterBody): InstanceDescription {
  const { id, namespace, serviceAccount, labels } = principal;
  const wanted = `${body.service}.${namespace}`;
  if (!services.includes(wanted)) {
    throw new LateenError('LATEEN_REGISTER_REFUSED', `the certificate of ${id} does not grant the service ${wanted}`, {
      target: wanted,
      hint: `make its join token with \`lateen ca token --service-account ${serviceAccount} --namespace ${namespace} --service ${body.service}\``,
    });
  }
  if (!isName(body.service))
    throw new LateenError('LATEEN_REGISTER_REFUSED', `${JSON.stringify(body.service)} is no service name`);
  const given = Object.entries(labels ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    ...body,
    instance,
    namespace,
    serviceAccount,
    labels: Object.fromEntries(given.filter(([label]) => label !== 'workload' && label !== 'instance')),
    workload: labels?.workload ?? body.service,
  };
}
