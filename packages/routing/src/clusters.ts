import { createHash } from 'node:crypto';
import type { ServiceDescription, ServicePort } from '@lateen/discovery';
import { clusterName } from './cluster-name.ts';
import type { ClusterSpec, TlsSettings } from './cluster-spec.ts';
import type { CompileContext } from './compile-context.ts';
import { DestinationRules, type MergedDestinationRule, type SubsetRule } from './destination-rules.ts';
import { compilePolicy, policyFor } from './traffic-policy.ts';

/** A cluster for each service, port and subset that the caller sees. */
export function compileClusters(context: CompileContext): ReadonlyMap<string, ClusterSpec> {
  const rules = new DestinationRules(context.input);
  const clusters = new Map<string, ClusterSpec>();
  for (const service of context.services.values()) {
    const rule = rules.find(service);
    for (const port of service.ports) {
      for (const subset of [undefined, ...(rule?.subsets ?? [])]) {
        const cluster = compileCluster(context, service, port, rule, subset);
        clusters.set(cluster.name, cluster);
      }
    }
  }
  return clusters;
}

function compileCluster(
  { input }: CompileContext,
  service: ServiceDescription,
  port: ServicePort,
  rule: MergedDestinationRule | undefined,
  subset: SubsetRule | undefined,
): ClusterSpec {
  const blocks = policyFor(rule?.trafficPolicy, subset?.trafficPolicy, port.number);
  const policy = compilePolicy(blocks, input.defaults, absentTlsMode(service, port, input.mtls));
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
