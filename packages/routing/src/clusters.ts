import { createHash } from 'node:crypto';
import type { ServiceDescription, ServicePort } from '@lateen/discovery';
import { resourcesOfKind } from '@lateen/resources';
import { clusterName } from './cluster-name.ts';
import type { ClusterSpec, TlsSettings } from './cluster-spec.ts';
import type { CompileContext } from './compile-context.ts';
import { byCreation } from './creation-order.ts';
import { DestinationRules, type MergedDestinationRule, type SubsetRule } from './destination-rules.ts';
import { sameItems } from './same-items.ts';
import { compilePolicy, policyFor } from './traffic-policy.ts';

/** The clusters of one service with what they were made of. */
export interface ServiceClusters {
  readonly service: ServiceDescription;
  readonly rule: MergedDestinationRule | undefined;
  readonly clusters: readonly ClusterSpec[];
}

/** A cluster for each service, port and subset that the caller reaches. */
export function compileClusters(context: CompileContext): ReadonlyMap<string, ClusterSpec> {
  const { last, next } = context.cache;
  const rules = destinationRules(context);
  next.destinationRules = rules;
  let isNew = last.destinationRules !== rules || last.serviceClusters.size !== context.services.size;
  for (const service of context.services.values()) {
    const rule = rules.find(service);
    const known = last.serviceClusters.get(service.host);
    const made = known && known.rule === rule && isSame(known.service, service) ? known : serviceClusters(context, service, rule);
    next.serviceClusters.set(service.host, made);
    if (made !== known) isNew = true;
  }
  next.clusters = (isNew ? undefined : last.clusters) ?? byName(next.serviceClusters);
  return next.clusters;
}

function byName(services: ReadonlyMap<string, ServiceClusters>): ReadonlyMap<string, ClusterSpec> {
  const clusters = new Map<string, ClusterSpec>();
  for (const service of services.values()) for (const cluster of service.clusters) clusters.set(cluster.name, cluster);
  return clusters;
}

function destinationRules({ cache, input }: CompileContext): DestinationRules {
  const resources = byCreation(resourcesOfKind(input.revision, 'DestinationRule'));
  const known = cache.last.destinationRules;
  return known && sameItems(known.resources, resources) ? known : new DestinationRules(resources, input, known?.merged);
}

function serviceClusters(
  context: CompileContext,
  service: ServiceDescription,
  rule: MergedDestinationRule | undefined,
): ServiceClusters {
  const subsets = [undefined, ...(rule?.subsets ?? [])];
  const clusters = service.ports.flatMap((port) => subsets.map((subset) => compileCluster(context, service, port, rule, subset)));
  return { service, rule, clusters };
}

/** Registries describe all their services anew at each change. */
function isSame(one: ServiceDescription, other: ServiceDescription): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function compileCluster(
  { input }: CompileContext,
  service: ServiceDescription,
  port: ServicePort,
  rule: MergedDestinationRule | undefined,
  subset: SubsetRule | undefined,
): ClusterSpec {
  const blocks = policyFor(rule?.trafficPolicy, subset?.trafficPolicy, port.number);
  const policy = compilePolicy(blocks, input, absentTlsMode(service, port, input.mtls));
  const spec = {
    name: clusterName(port.number, subset?.name ?? '', service.host),
    host: service.host,
    serviceName: service.name,
    serviceNamespace: service.namespace,
    port: port.number,
    subset: subset?.name ?? '',
    subsetLabels: subset?.labels ?? {},
    location: service.location,
    resolution: service.resolution,
    identities: policy.tls.subjectAltNames.length > 0 ? policy.tls.subjectAltNames : service.identities,
    ...policy,
  };
  return { ...spec, origin: subset?.origin ?? rule?.origin, fingerprint: fingerprintOf(spec) };
}

/** Inside the mesh mTLS by what endpoints speak; outside plaintext, but real TLS on a port declared as HTTPS, since we are the client. */
function absentTlsMode(service: ServiceDescription, port: ServicePort, mtls: 'auto' | 'DISABLE'): TlsSettings['mode'] {
  if (service.location === 'mesh') return mtls;
  return port.protocol === 'HTTPS' || port.protocol === 'TLS' ? 'SIMPLE' : 'DISABLE';
}

function fingerprintOf(spec: Omit<ClusterSpec, 'origin' | 'fingerprint'>): string {
  const text = JSON.stringify(spec, (_key, value: unknown) => (value === Infinity ? 'none' : value));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
