import { serviceHost } from '@lateen/control';
import type { InstanceDescription, PortProtocol, ServiceDescription, ServicePort } from '@lateen/discovery';

/** A service that was registered once. It stays known without instances: its host is answered with "no healthy upstream", not passed on. */
export interface KnownService {
  readonly service: string;
  readonly namespace: string;
  readonly ports: readonly ServicePort[];
}

/** The services of the registry and their ports, as instances made them known. */
export class KnownServices {
  readonly #services = new Map<string, KnownService>();

  constructor(known: readonly KnownService[]) {
    for (const service of known) this.#services.set(`${service.service}.${service.namespace}`, service);
  }

  all(): KnownService[] {
    return [...this.#services.values()];
  }

  /** Learns the port an instance serves. Tells whether that was news. */
  learn({ service, namespace, servicePort, portName }: InstanceDescription): boolean {
    const name = `${service}.${namespace}`;
    const ports = this.#services.get(name)?.ports ?? [];
    if (ports.some((port) => port.number === servicePort && port.name === portName)) return false;
    const others = ports.filter((port) => port.number !== servicePort);
    const learnt = { number: servicePort, name: portName, protocol: protocolOf(portName) };
    this.#services.set(name, { service, namespace, ports: [...others, learnt].sort((a, b) => a.number - b.number) });
    return true;
  }

  /** As the watchers get them: with the identities that were granted to serve them (secure naming). */
  describe(grants: ReadonlyMap<string, readonly string[]>): ServiceDescription[] {
    return this.all().map(({ service, namespace, ports }) => ({
      host: serviceHost(service, namespace),
      name: service,
      namespace,
      ports,
      location: 'mesh',
      resolution: 'registry',
      identities: grants.get(`${service}.${namespace}`) ?? [],
      origin: undefined,
    }));
  }
}

const PROTOCOLS: Readonly<Record<string, PortProtocol>> = {
  http: 'HTTP',
  http2: 'HTTP2',
  grpc: 'GRPC',
  https: 'HTTPS',
  tls: 'TLS',
  tcp: 'TCP',
};

/** Istio's rule: the name is `<protocol>[-<suffix>]`; HTTP unless it says otherwise. */
export function protocolOf(portName: string): PortProtocol {
  return PROTOCOLS[portName.split('-')[0]?.toLowerCase() ?? ''] ?? 'HTTP';
}
