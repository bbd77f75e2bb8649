import { Cell, derive, type Derived, type EndpointSet, type Unsubscribe, type Watched } from '@lateen/core';
import type { Revision } from '@lateen/resources';
import type { InstanceDescription, Registration, Registry, ServiceDescription, ServicePort } from '../registry.ts';
import { kubernetesServices } from './kubernetes-services.ts';

export interface ServicesOfFilesOptions {
  /** Who calls: Services not exported to this namespace do not exist. */
  readonly namespace: string;
  /** Of the IDs that service accounts stand for. Default `cluster.local`. */
  readonly trustDomain?: string;
}

/**
 * A registry that also knows the hosts that Kubernetes Services of the configuration name: routes for them hold before anybody has
 * registered. Of a host that both know, the Service says which ports it has and what they speak; who may serve it is for the registry
 * to say, and only where that is silent for the service accounts of the files.
 */
export function withServicesOfFiles(registry: Registry, revision: Watched<Revision>, options: ServicesOfFilesOptions): Registry {
  return new NamingRegistry(registry, revision, options);
}

class NamingRegistry implements Registry {
  readonly name: string;
  readonly services: Derived<readonly ServiceDescription[]>;
  readonly ready: Watched<boolean>;
  readonly staleSince: Watched<number>;
  readonly register?: (instance: InstanceDescription) => Promise<Registration>;
  readonly #registry: Registry;
  /** Changes only when the Services do, so that routes are not compiled anew for any other change. */
  readonly #named: Cell<readonly ServiceDescription[]>;
  readonly #unsubscribe: Unsubscribe;

  constructor(
    registry: Registry,
    revision: Watched<Revision>,
    { namespace, trustDomain = 'cluster.local' }: ServicesOfFilesOptions,
  ) {
    const { name, ready, staleSince } = registry;
    this.#registry = registry;
    this.name = name;
    this.ready = ready;
    this.staleSince = staleSince;
    if (registry.register) this.register = (instance) => (registry.register as NonNullable<Registry['register']>)(instance);
    const read = (): readonly ServiceDescription[] =>
      kubernetesServices(revision.value, namespace, trustDomain).map(({ description }) => description);
    this.#named = new Cell(read(), saysTheSame);
    this.#unsubscribe = revision.subscribe(() => this.#named.set(read()));
    this.services = derive([registry.services, this.#named], merged);
  }

  endpoints(host: string, port: number): Watched<EndpointSet> {
    return this.#registry.endpoints(host, port);
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    this.services.close();
    await this.#registry.close();
  }
}

const saysTheSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

function merged(known: readonly ServiceDescription[], named: readonly ServiceDescription[]): readonly ServiceDescription[] {
  if (named.length === 0) return known;
  const byHost = new Map(named.map((service) => [service.host, service]));
  const hosts = new Set(known.map(({ host }) => host));
  return [
    ...known.map((service) => {
      const file = byHost.get(service.host);
      return file && service.resolution === 'registry' ? both(service, file) : service;
    }),
    ...named.filter(({ host }) => !hosts.has(host)),
  ];
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
