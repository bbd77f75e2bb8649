import { type Resource, resourcesOfKind, type Revision, type ServiceSpec } from '@lateen/resources';
import type { PortProtocol, ServicePort } from '../registry.ts';
import { protocolOf, serviceHost, spiffeId } from '../service-host.ts';
import { addressesOfService } from './kubernetes-addresses.ts';
import { type PodTemplate, podTemplates, selects } from './pod-templates.ts';
import type { StaticService } from './service-entries.ts';

type Service = Resource<'Service', ServiceSpec>;
type PortSpec = NonNullable<ServiceSpec['ports']>[number];

/** Istio's annotation: the namespaces that see a Service. */
const EXPORT_TO = 'networking.istio.io/exportTo';

/**
 * The hosts that Kubernetes Services of a revision name, as seen from `namespace`: `httpbin.default.svc.cluster.local` and its ports,
 * whether or not anybody serves there. Whom their selector means is known by Pods and Deployments: their service accounts are the
 * identities that may serve the host.
 *
 * Addresses come with Endpoints, EndpointSlices, WorkloadEntries that the selector means, or an `externalName`; without any of these
 * `workloads` is empty, and a registry has to know.
 */
export function kubernetesServices(revision: Revision, namespace: string, trustDomain: string): readonly StaticService[] {
  const templates = podTemplates(revision);
  return resourcesOfKind(revision, 'Service')
    .filter((service) => isExported(service, namespace))
    .map((service) => describe(service, revision, templatesOf(service, templates), trustDomain));
}

function describe(service: Service, revision: Revision, templates: readonly PodTemplate[], trustDomain: string): StaticService {
  const { metadata, spec, origin } = service;
  const host = serviceHost(metadata.name, metadata.namespace);
  const ports = (spec.ports ?? []).filter(({ protocol }) => protocol !== 'UDP' && protocol !== 'SCTP');
  const external = spec.type === 'ExternalName' && spec.externalName !== undefined;
  const workloads = external
    ? [{ address: spec.externalName as string, labels: {}, workload: '' }]
    : addressesOfService(service, revision);
  const accounts = new Set([
    ...templates.map(({ serviceAccount }) => serviceAccount),
    ...workloads.flatMap(({ serviceAccount }) => serviceAccount ?? []),
  ]);
  return {
    description: {
      host,
      name: metadata.name,
      namespace: metadata.namespace,
      ports: ports.map(servicePort),
      location: external ? 'external' : 'mesh',
      resolution: external ? 'dns' : workloads.length > 0 ? 'static' : 'registry',
      identities: [...accounts].map((account) => spiffeId(trustDomain, metadata.namespace, account)),
      origin,
    },
    resolution: external ? 'DNS' : 'STATIC',
    targetPorts: new Map(ports.map((port) => [port.port, targetPortOf(port, templates)])),
    workloads,
    ...(workloads.length === 0 && Object.keys(spec.selector ?? {}).length > 0
      ? { selector: spec.selector as Record<string, string> }
      : {}),
  };
}

function servicePort({ port, name = '', appProtocol }: PortSpec): ServicePort {
  return { number: port, name, protocol: appProtocol === undefined ? protocolOf(name) : appProtocolOf(appProtocol) };
}

const APP_PROTOCOLS: Readonly<Record<string, PortProtocol>> = {
  'kubernetes.io/h2c': 'HTTP2',
  'kubernetes.io/ws': 'HTTP',
  'kubernetes.io/wss': 'HTTPS',
  'grpc-web': 'GRPC',
  mongo: 'TCP',
  mysql: 'TCP',
  redis: 'TCP',
};

function appProtocolOf(appProtocol: string): PortProtocol {
  return APP_PROTOCOLS[appProtocol.toLowerCase()] ?? protocolOf(appProtocol);
}

/** A port of the containers by its number or name; the service's own where nothing says another. */
function targetPortOf({ port, targetPort = port }: PortSpec, templates: readonly PodTemplate[]): number {
  if (typeof targetPort === 'number') return targetPort;
  return templates.map(({ ports }) => ports.get(targetPort)).find((number) => number !== undefined) ?? port;
}

function templatesOf({ metadata, spec }: Service, templates: readonly PodTemplate[]): readonly PodTemplate[] {
  return templates.filter((pod) => pod.namespace === metadata.namespace && selects(spec.selector, pod.labels));
}

/** Absent = everywhere; `~` = nowhere. */
function isExported({ metadata }: Service, namespace: string): boolean {
  const written = metadata.annotations[EXPORT_TO];
  if (written === undefined || written.trim() === '') return true;
  const entries = written.split(',').map((entry) => entry.trim());
  return entries.some((to) => to === '*' || to === namespace || (to === '.' && metadata.namespace === namespace));
}
