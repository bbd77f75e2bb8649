import { type Resource, resourcesOfKind, type Revision, type ServiceEntrySpec } from '@lateen/resources';
import type { PortProtocol, ServiceDescription, ServicePort } from '../registry.ts';
import { shortName, spiffeId } from '../service-host.ts';
import { kubernetesServices } from './kubernetes-services.ts';
import { selects } from './pod-templates.ts';
import { type StaticWorkload, workloadEntries } from './workload-entries.ts';

/** One host of the ServiceEntries that a caller sees. */
export interface StaticService {
  readonly description: ServiceDescription;
  readonly resolution: NonNullable<ServiceEntrySpec['resolution']>;
  /** The port to dial where a workload does not map it, by logical port. */
  readonly targetPorts: ReadonlyMap<number, number>;
  readonly workloads: readonly StaticWorkload[];
  /** Of a Kubernetes Service: which instances it means, when the configuration does not say where they are. */
  readonly selector?: Readonly<Record<string, string>>;
}

type Entry = Resource<'ServiceEntry', ServiceEntrySpec>;
type Workload = ReturnType<typeof workloadEntries>[number];

/**
 * The hosts of a revision's ServiceEntries as seen from `namespace`, by host, and of its Services as far as it says where those are.
 *
 * Of entries for one host those of the caller's own namespace count, else those of the first one's; entries of one namespace add up.
 */
export function staticServices(revision: Revision, namespace: string, trustDomain: string): ReadonlyMap<string, StaticService> {
  const workloads = workloadEntries(revision);
  const entriesByHost = new Map<string, Entry[]>();
  for (const entry of resourcesOfKind(revision, 'ServiceEntry')) {
    if (!isExported(entry, namespace)) continue;
    for (const host of new Set(entry.spec.hosts.map((name) => name.toLowerCase()))) {
      entriesByHost.set(host, [...(entriesByHost.get(host) ?? []), entry]);
    }
  }
  const services = new Map<string, StaticService>();
  for (const [host, entries] of entriesByHost)
    services.set(host, staticService(host, nearest(entries, namespace), workloads, trustDomain));
  for (const service of kubernetesServices(revision, namespace, trustDomain)) {
    const { host } = service.description;
    if (service.workloads.length > 0 && !services.has(host)) services.set(host, service);
  }
  return services;
}

function nearest(entries: readonly Entry[], namespace: string): readonly [Entry, ...Entry[]] {
  const own = entries.filter((entry) => entry.metadata.namespace === namespace);
  const first = (own[0] ?? entries[0]) as Entry;
  const others = entries.filter((entry) => entry !== first && entry.metadata.namespace === first.metadata.namespace);
  return [first, ...others];
}

function staticService(
  host: string,
  entries: readonly [Entry, ...Entry[]],
  allWorkloads: readonly Workload[],
  trustDomain: string,
): StaticService {
  const [{ spec, metadata, origin }] = entries;
  const workloads = entries.flatMap((entry) => workloadsOf(entry, allWorkloads));
  const internal = spec.location === 'MESH_INTERNAL';
  const resolution = spec.resolution ?? 'NONE';
  const ports = new Map<number, ServicePort>();
  const targetPorts = new Map<number, number>();
  for (const port of entries.flatMap((entry) => entry.spec.ports ?? [])) {
    if (ports.has(port.number)) continue;
    ports.set(port.number, { number: port.number, name: port.name, protocol: portProtocol(port.protocol) });
    targetPorts.set(port.number, port.targetPort ?? port.number);
  }
  return {
    description: {
      host,
      name: shortName(host),
      namespace: metadata.namespace,
      ports: [...ports.values()],
      location: internal ? 'mesh' : 'external',
      resolution: RESOLUTIONS[resolution],
      identities: identitiesOf(entries, internal ? workloads : [], trustDomain),
      origin,
    },
    resolution,
    targetPorts,
    workloads,
  };
}

/** `DYNAMIC_DNS`: any host under a wildcard, looked up when it is called; which is what dialling the request's own host does. */
const RESOLUTIONS = { NONE: 'none', STATIC: 'static', DNS: 'dns', DNS_ROUND_ROBIN: 'dns', DYNAMIC_DNS: 'none' } as const;

/** What the entries say, and the service accounts of their workloads. */
function identitiesOf(entries: readonly Entry[], workloads: readonly StaticWorkload[], trustDomain: string): string[] {
  const namespace = (entries[0] as Entry).metadata.namespace;
  const named = entries.flatMap((entry) => entry.spec.subjectAltNames ?? []);
  const accounts = workloads.flatMap(({ serviceAccount }) =>
    serviceAccount ? [spiffeId(trustDomain, namespace, serviceAccount)] : [],
  );
  return [...new Set([...named, ...accounts])];
}

function workloadsOf({ spec, metadata }: Entry, workloads: readonly Workload[]): StaticWorkload[] {
  const inline = (spec.endpoints ?? []).map((endpoint) => ({
    ...endpoint,
    labels: endpoint.labels ?? {},
    workload: nameByLabels(endpoint.labels ?? {}),
  }));
  const selector = spec.workloadSelector?.labels;
  if (!selector) return inline;
  const selected = workloads.filter(
    (workload) => workload.namespace === metadata.namespace && selects(selector, workload.labels),
  );
  return [...inline, ...selected];
}

function nameByLabels({ app, version }: Readonly<Record<string, string>>): string {
  if (!app) return '';
  return version ? `${app}-${version}` : app;
}

function portProtocol(protocol: string | undefined): PortProtocol {
  switch (protocol) {
    case 'HTTP2':
    case 'GRPC':
    case 'HTTPS':
    case 'TLS':
    case 'TCP':
      return protocol;
    case 'GRPC-WEB':
      return 'GRPC';
    case 'MONGO':
      return 'TCP';
    default:
      return 'HTTP';
  }
}

/** Absent or empty `exportTo` = everywhere. */
function isExported({ spec: { exportTo }, metadata }: Entry, namespace: string): boolean {
  if (!exportTo || exportTo.length === 0) return true;
  return exportTo.some((to) => to === '*' || to === namespace || (to === '.' && metadata.namespace === namespace));
}
