import { type Resource, resourcesOfKind, type Revision, type ServiceSpec } from '@lateen/resources';
import { selects } from './pod-templates.ts';
import { type StaticWorkload, workloadEntries } from './workload-entries.ts';

type Service = Resource<'Service', ServiceSpec>;

/** Where a Service is, as far as a configuration says: Endpoints and EndpointSlices of its name, WorkloadEntries that its selector means. */
export function addressesOfService(service: Service, revision: Revision): readonly StaticWorkload[] {
  return [
    ...fromEndpoints(service, revision),
    ...fromEndpointSlices(service, revision),
    ...fromWorkloadEntries(service, revision),
  ];
}

function fromEndpoints({ metadata }: Service, revision: Revision): StaticWorkload[] {
  return resourcesOfKind(revision, 'Endpoints')
    .filter((each) => each.metadata.name === metadata.name && each.metadata.namespace === metadata.namespace)
    .flatMap(({ spec }) => spec.subsets ?? [])
    .flatMap(({ addresses = [], ports = [] }) => addresses.map(({ ip }) => workload(ip, portsByName(ports))));
}

/** The Service that a slice belongs to. */
const SERVICE_NAME = 'kubernetes.io/service-name';

function fromEndpointSlices({ metadata }: Service, revision: Revision): StaticWorkload[] {
  return resourcesOfKind(revision, 'EndpointSlice')
    .filter((each) => each.metadata.labels[SERVICE_NAME] === metadata.name && each.metadata.namespace === metadata.namespace)
    .flatMap(({ spec: { endpoints = [], ports = [] } }) =>
      endpoints.flatMap(({ addresses = [] }) => addresses.map((address) => workload(address, portsByName(ports)))),
    );
}

/** Machines outside the cluster; their ports go by the name of the Service's port, or of its target port. */
function fromWorkloadEntries({ metadata, spec }: Service, revision: Revision): StaticWorkload[] {
  return workloadEntries(revision)
    .filter(({ namespace, labels }) => namespace === metadata.namespace && selects(spec.selector, labels))
    .map(({ namespace: _namespace, ...entry }) => ({
      ...entry,
      ports: Object.fromEntries(
        (spec.ports ?? []).flatMap(({ name = '', targetPort }) => {
          const number = entry.ports?.[typeof targetPort === 'string' ? targetPort : name] ?? entry.ports?.[name];
          return number === undefined ? [] : [[name, number]];
        }),
      ),
    }));
}

function workload(address: string, ports: Record<string, number>): StaticWorkload {
  return { address, ports, labels: {}, workload: '' };
}

function portsByName(ports: readonly { readonly name?: string; readonly port?: number }[]): Record<string, number> {
  return Object.fromEntries(ports.flatMap(({ name = '', port }) => (port === undefined ? [] : [[name, port]])));
}
