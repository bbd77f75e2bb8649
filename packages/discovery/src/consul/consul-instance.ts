import { type Endpoint, LateenError } from '@lateen/core';
import type { InstanceDescription } from '../registry.ts';
import { serviceHost } from '../service-host.ts';
import type { ConsulRegistration } from './consul-client.ts';
import type { ConsulServiceEntry } from './health-entry.ts';

/** An instance as Consul knows it: whose it is, and the endpoint it makes. */
export interface ConsulInstance {
  readonly key: string;
  readonly host: string;
  readonly service: string;
  readonly namespace: string;
  readonly servicePort: number;
  readonly portName: string;
  /** The SPIFFE ID it serves with; empty without mTLS. */
  readonly identity: string;
  readonly endpoint: Endpoint;
}

/** Names in a service's Meta. Consul allows `[A-Za-z0-9_-]`, so labels, whose names have dots and slashes, go into values. */
const META = {
  format: 'lateen',
  namespace: 'lateen-namespace',
  instance: 'lateen-instance',
  workload: 'lateen-workload',
  serviceAccount: 'lateen-service-account',
  servicePort: 'lateen-service-port',
  portName: 'lateen-port-name',
  tls: 'lateen-tls',
  identity: 'lateen-identity',
  protocols: 'lateen-protocols',
  weight: 'lateen-weight',
  locality: 'lateen-locality',
  admin: 'lateen-admin',
  label: 'lateen-label-',
} as const;

const MAX_META_VALUE = 512;
const MAX_META_PAIRS = 64;

export interface ConsulNaming {
  /** Before each service's name in Consul; keeps several meshes in one Consul apart. */
  readonly prefix: string;
  /** Of services that were not registered by Lateen. */
  readonly namespace: string;
}

/**
 * @param prefix before the service's name
 * @param identity SPIFFE ID it serves with, empty without mTLS
 * @throws {LateenError} `LATEEN_REGISTER_REFUSED` when a label does not fit into Consul's Meta.
 */
export function toRegistration(
  instance: InstanceDescription,
  { prefix }: Pick<ConsulNaming, 'prefix'>,
  identity: string,
  ttlMs: number,
): ConsulRegistration {
  return {
    id: `${prefix}${instance.namespace}.${instance.instance}.${instance.servicePort}`,
    name: `${prefix}${instance.service}`,
    address: instance.address,
    port: instance.port,
    tags: ['lateen'],
    meta: metaOf(instance, identity),
    // A minute is the least that Consul takes: until then a dead instance stays listed as critical.
    check: { ttl: `${ttlMs}ms`, status: 'passing', deregistercriticalserviceafter: '1m' },
  };
}

function metaOf(instance: InstanceDescription, identity: string): Record<string, string> {
  const labels = Object.entries(instance.labels).map(([name, value], index) => [`${META.label}${index}`, `${name}=${value}`]);
  const meta: Record<string, string> = {
    [META.format]: '1',
    [META.namespace]: instance.namespace,
    [META.instance]: instance.instance,
    [META.workload]: instance.workload,
    [META.serviceAccount]: instance.serviceAccount,
    [META.servicePort]: String(instance.servicePort),
    [META.portName]: instance.portName,
    [META.tls]: instance.tls,
    [META.identity]: identity,
    [META.protocols]: instance.protocols.join(','),
    [META.weight]: String(instance.weight),
    [META.locality]: instance.locality,
    [META.admin]: instance.admin,
    ...Object.fromEntries(labels),
  };
  const tooLong = Object.entries(meta).find(([, value]) => Buffer.byteLength(value) > MAX_META_VALUE);
  if (tooLong)
    throw refused(
      `${JSON.stringify(tooLong[1].slice(0, 40))}… is longer than the ${MAX_META_VALUE} bytes Consul keeps`,
      'shorten that label',
    );
  if (Object.keys(meta).length > MAX_META_PAIRS)
    throw refused(`${labels.length} labels are more than Consul keeps`, 'use fewer labels');
  return meta;
}

function refused(message: string, hint: string): LateenError {
  return new LateenError('LATEEN_REGISTER_REFUSED', message, { hint });
}

/** Undefined for what is no endpoint: an instance of another mesh's prefix, or one without a port. */
export function toInstance(entry: ConsulServiceEntry, naming: ConsulNaming): ConsulInstance | undefined {
  const { Service, Node } = entry;
  if (!Service.Service.startsWith(naming.prefix) || !isPort(Service.Port)) return undefined;
  const meta = Service.Meta ?? {};
  const read = (name: string): string => meta[name] ?? '';
  const ours = read(META.format) !== '';
  const service = Service.Service.slice(naming.prefix.length);
  const namespace = read(META.namespace) || naming.namespace;
  const mutual = ours && read(META.tls) === 'mutual';
  const servicePort = Number(read(META.servicePort));
  const weight = Number(read(META.weight)) || Service.Weights?.Passing || 1;
  return {
    key: Service.ID,
    host: serviceHost(service, namespace),
    service,
    namespace,
    servicePort: isPort(servicePort) ? servicePort : Service.Port,
    portName: read(META.portName) || 'http',
    identity: mutual ? read(META.identity) : '',
    endpoint: {
      key: read(META.instance) || Service.ID,
      address: Service.Address || Node.Address,
      port: Service.Port,
      labels: labelsOf(meta),
      weight: Math.max(1, weight),
      locality: read(META.locality),
      tls: mutual ? 'mutual' : 'none',
      protocols: read(META.protocols) ? read(META.protocols).split(',') : ['http/1.1'],
      workload: read(META.workload),
      namespace,
      serviceAccount: read(META.serviceAccount),
    },
  };
}

function labelsOf(meta: Readonly<Record<string, string>>): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries(meta)) {
    if (!name.startsWith(META.label)) continue;
    const equals = value.indexOf('=');
    if (equals > 0) labels[value.slice(0, equals)] = value.slice(equals + 1);
  }
  return labels;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port <= 65_535;
}
