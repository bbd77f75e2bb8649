import type { ServiceDescription, ServicePort } from '../registry.ts';
import { protocolOf } from '../service-host.ts';
import type { ConsulInstance } from './consul-instance.ts';

interface KnownService {
  readonly service: string;
  readonly namespace: string;
  readonly ports: Map<number, ServicePort>;
  identities: readonly string[];
}

/**
 * The services that instances made known. One stays known when its last instance is gone: its host is then answered with
 * "no healthy upstream", not passed on to wherever DNS leads.
 */
export class KnownServices {
  readonly #byHost = new Map<string, KnownService>();

  learn(instances: readonly ConsulInstance[]): void {
    const identities = new Map<string, Set<string>>();
    for (const instance of instances) {
      const { host, servicePort, portName, identity } = instance;
      const known = this.#known(instance);
      known.ports.set(servicePort, { number: servicePort, name: portName, protocol: protocolOf(portName) });
      const own = identities.get(host) ?? new Set();
      if (identity) own.add(identity);
      identities.set(host, own);
    }
    for (const [host, own] of identities) (this.#byHost.get(host) as KnownService).identities = [...own].sort();
  }

  describe(): ServiceDescription[] {
    return [...this.#byHost].map(([host, { service, namespace, ports, identities }]) => ({
      host,
      name: service,
      namespace,
      ports: [...ports.values()].sort((a, b) => a.number - b.number),
      location: 'mesh',
      resolution: 'registry',
      identities,
      origin: undefined,
    }));
  }

  #known({ host, service, namespace }: ConsulInstance): KnownService {
    let known = this.#byHost.get(host);
    if (!known) this.#byHost.set(host, (known = { service, namespace, ports: new Map(), identities: [] }));
    return known;
  }
}
