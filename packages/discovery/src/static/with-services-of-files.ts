import { Cell, type EndpointSet, type Unsubscribe, type Watched } from '@lateen/core';
import type { Revision } from '@lateen/resources';
import type { InstanceDescription, Registration, Registry, ServiceDescription, ServicePort } from '../registry.ts';
import { kubernetesServices } from './kubernetes-services.ts';
import { SelectedEndpoints } from './selected-endpoints.ts';
import type { StaticService } from './service-entries.ts';
import { SwitchedSet } from './switched-set.ts';

export interface ServicesOfFilesOptions {
  /** Who calls: Services not exported to this namespace do not exist. */
  readonly namespace: string;
  /** Of the IDs that service accounts stand for. Default `cluster.local`. */
  readonly trustDomain?: string;
}

/**
 * A registry that also knows the hosts that Kubernetes Services of the configuration name: routes for them hold before anybody has
 * registered. Of a host that both know, the Service says which ports it has and what they speak; who may serve it is for the registry
 * to say, and only where that is silent for the service accounts of the files. A host that only a Service names is served by the instances
 * that its selector means, whatever they registered as.
 */
export function withServicesOfFiles(registry: Registry, revision: Watched<Revision>, options: ServicesOfFilesOptions): Registry {
  return new NamingRegistry(registry, revision, options);
}

class NamingRegistry implements Registry {
  readonly name: string;
  readonly services: Cell<readonly ServiceDescription[]>;
  readonly ready: Watched<boolean>;
  readonly staleSince: Watched<number>;
  readonly register?: (instance: InstanceDescription) => Promise<Registration>;
  readonly #registry: Registry;
  readonly #revision: Watched<Revision>;
  readonly #options: ServicesOfFilesOptions;
  readonly #unsubscribe: readonly Unsubscribe[];
  readonly #sets = new Map<string, SwitchedSet>();
  /** By host and port, of hosts that only a Service names. */
  readonly #selections = new Map<string, SelectedEndpoints>();
  #named: readonly StaticService[];
  /** What the Services said when they were last looked at, to tell a change of theirs from any other. */
  #said = '';

  constructor(registry: Registry, revision: Watched<Revision>, options: ServicesOfFilesOptions) {
    const { name, ready, staleSince } = registry;
    this.#registry = registry;
    this.#revision = revision;
    this.#options = options;
    this.name = name;
    this.ready = ready;
    this.staleSince = staleSince;
    if (registry.register) this.register = (instance) => (registry.register as NonNullable<Registry['register']>)(instance);
    this.#named = this.#read();
    this.services = new Cell(this.#describe());
    this.#unsubscribe = [registry.services.subscribe(() => this.#update()), revision.subscribe(() => this.#look())];
  }

  endpoints(host: string, port: number): Watched<EndpointSet> {
    const key = `${host.toLowerCase()}:${port}`;
    let set = this.#sets.get(key);
    if (!set) {
      set = new SwitchedSet();
      this.#sets.set(key, set);
      set.follow(this.#sourceOf(host.toLowerCase(), port));
    }
    return set.cell;
  }

  async close(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const set of this.#sets.values()) set.close();
    for (const selection of this.#selections.values()) selection.close();
    await this.#registry.close();
  }

  #read(): readonly StaticService[] {
    const { namespace, trustDomain = 'cluster.local' } = this.#options;
    const named = kubernetesServices(this.#revision.value, namespace, trustDomain);
    this.#said = JSON.stringify(named.map(({ targetPorts, ...rest }) => ({ ...rest, targetPorts: [...targetPorts] })));
    return named;
  }

  #look(): void {
    const said = this.#said;
    const named = this.#read();
    if (this.#said === said) return;
    this.#named = named;
    for (const selection of this.#selections.values()) selection.close();
    this.#selections.clear();
    this.#update();
  }

  /** Endpoints first, so that whoever hears of a service finds them in place. */
  #update(): void {
    for (const [key, set] of this.#sets) {
      const colon = key.lastIndexOf(':');
      set.follow(this.#sourceOf(key.slice(0, colon), Number(key.slice(colon + 1))));
    }
    this.services.set(this.#describe());
  }

  #sourceOf(host: string, port: number): Watched<EndpointSet> {
    const isKnown = this.#registry.services.value.some((service) => service.host === host);
    const service = isKnown ? undefined : this.#named.find(({ description }) => description.host === host);
    return (service && this.#selection(service, port)?.cell) ?? this.#registry.endpoints(host, port);
  }

  #selection({ description, selector, targetPorts }: StaticService, port: number): SelectedEndpoints | undefined {
    if (!selector) return undefined;
    const { host, namespace } = description;
    const key = `${host}:${port}`;
    let selection = this.#selections.get(key);
    if (!selection) {
      selection = new SelectedEndpoints(this.#registry, { host, namespace, selector, targetPorts }, port);
      this.#selections.set(key, selection);
      if (description.identities.length === 0) selection.cell.subscribe(() => this.#identify());
    }
    return selection;
  }

  /** Whom selected instances make trusted has perhaps changed. */
  #identify(): void {
    const described = this.#describe();
    if (JSON.stringify(described) !== JSON.stringify(this.services.value)) this.services.set(described);
  }

  #describe(): readonly ServiceDescription[] {
    const known = this.#registry.services.value;
    if (this.#named.length === 0) return known;
    const byHost = new Map(this.#named.map(({ description }) => [description.host, description]));
    const hosts = new Set(known.map(({ host }) => host));
    return [
      ...known.map((service) => {
        const file = byHost.get(service.host);
        return file && service.resolution === 'registry' ? both(service, file) : service;
      }),
      ...this.#named.filter(({ description }) => !hosts.has(description.host)).map((service) => this.#selected(service)),
    ];
  }

  /** Where no Deployment tells whose account it is, those may serve who serve what was selected. */
  #selected(service: StaticService): ServiceDescription {
    const { description } = service;
    if (description.identities.length > 0 || !service.selector) return description;
    const identities = description.ports.flatMap(({ number }) => this.#selection(service, number)?.identities ?? []);
    return { ...description, identities: [...new Set(identities)] };
  }
}

function both(registered: ServiceDescription, file: ServiceDescription): ServiceDescription {
  const ports = new Map<number, ServicePort>([...registered.ports, ...file.ports].map((port) => [port.number, port]));
  return {
    ...registered,
    ports: [...ports.values()],
    identities: registered.identities.length > 0 ? registered.identities : file.identities,
    origin: file.origin,
  };
}
