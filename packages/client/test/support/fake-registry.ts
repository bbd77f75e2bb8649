import { Cell, constant, type Endpoint, type EndpointSet, NO_ENDPOINTS } from '@lateen/core';
import type { Registry, ServiceDescription } from '@lateen/discovery';

export interface FakeRegistry extends Registry {
  readonly services: Cell<readonly ServiceDescription[]>;
  endpoints(host: string, port: number): Cell<EndpointSet>;
  setEndpoints(service: string, endpoints: readonly Endpoint[]): void;
}

export const FQDN = (service: string): string => `${service}.default.svc.cluster.local`;

export function fakeRegistry(): FakeRegistry {
  const sets = new Map<string, Cell<EndpointSet>>();
  const registry: FakeRegistry = {
    name: 'fake',
    services: new Cell<readonly ServiceDescription[]>([]),
    ready: constant(true),
    staleSince: constant(0),
    endpoints(host, port) {
      const key = `${host}:${port}`;
      const cell = sets.get(key) ?? new Cell<EndpointSet>(NO_ENDPOINTS);
      sets.set(key, cell);
      return cell;
    },
    setEndpoints(service, endpoints) {
      const cell = registry.endpoints(FQDN(service), 9080);
      cell.set({ endpoints, version: cell.value.version + 1, ready: true, staleSince: 0 });
    },
    close: async () => {},
  };
  return registry;
}

export function service(name: string, changes: Partial<ServiceDescription> = {}): ServiceDescription {
  return {
    host: FQDN(name),
    name,
    namespace: 'default',
    ports: [{ number: 9080, name: 'http', protocol: 'HTTP' }],
    location: 'mesh',
    resolution: 'registry',
    identities: [`spiffe://cluster.local/ns/default/sa/${name}`],
    origin: undefined,
    ...changes,
  };
}

export function endpointAt(port: number, changes: Partial<Endpoint> = {}): Endpoint {
  const version = changes.labels?.['version'] ?? 'v1';
  const app = changes.labels?.['app'] ?? 'reviews';
  return {
    key: `${app}-${version}-${port}`,
    address: '127.0.0.1',
    port,
    labels: { app, version },
    weight: 1,
    locality: '',
    tls: 'none',
    protocols: ['http/1.1'],
    workload: `${app}-${version}`,
    namespace: 'default',
    serviceAccount: app,
    ...changes,
  };
}
