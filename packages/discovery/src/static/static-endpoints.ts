import { isIP } from 'node:net';
import type { Endpoint } from '@lateen/core';
import type { DnsAnswer } from '../dns/dns-names.ts';
import type { SourceView } from '../endpoint-sets.ts';
import type { StaticService } from './service-entries.ts';
import type { StaticWorkload } from './workload-entries.ts';

/** A workload with this label speaks the mesh's mTLS, as Istio's own do. */
const TLS_MODE_LABEL = 'security.istio.io/tlsMode';

/** Names that must be looked up to know the service's endpoints. */
export function namesToResolve({ resolution, workloads, description: { host } }: StaticService): readonly string[] {
  // DNS_ROUND_ROBIN takes whatever the name says at the moment of connecting.
  if (resolution !== 'DNS') return [];
  if (workloads.length === 0) return host.startsWith('*') || isIP(host) !== 0 ? [] : [host];
  return workloads.flatMap(({ address }) => (address && isIP(address) === 0 ? [address] : []));
}

/** The endpoints of one logical port, with what DNS says for those that are names. */
export function staticEndpoints(service: StaticService, port: number, answer: (name: string) => DnsAnswer): SourceView {
  const targetPort = service.targetPorts.get(port);
  if (targetPort === undefined || service.resolution === 'NONE') return { endpoints: [], ready: true, staleSince: 0 };
  const portName = service.description.ports.find(({ number }) => number === port)?.name ?? '';
  const byKey = new Map<string, Endpoint>();
  for (const workload of workloadsOf(service)) {
    const ownPort = workload.ports?.[portName] ?? targetPort;
    for (const address of addressesOf(service, workload, answer)) {
      const endpoint = describe(service, workload, address, ownPort);
      if (!byKey.has(endpoint.key)) byKey.set(endpoint.key, endpoint);
    }
  }
  const answers = namesToResolve(service).map(answer);
  const stale = answers.map(({ staleSince }) => staleSince).filter((since) => since > 0);
  return {
    endpoints: [...byKey.values()],
    ready: answers.every(({ ready }) => ready),
    staleSince: stale.length > 0 ? Math.min(...stale) : 0,
  };
}

/** An entry that is resolved by DNS and names no workload means its own host. */
function workloadsOf({ resolution, workloads, description: { host } }: StaticService): readonly StaticWorkload[] {
  const ownHost = (resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN') && workloads.length === 0 && !host.startsWith('*');
  return ownHost ? [{ address: host, labels: {}, workload: '' }] : workloads;
}

function addressesOf(
  service: StaticService,
  { address }: StaticWorkload,
  answer: (name: string) => DnsAnswer,
): readonly string[] {
  // One without an address is reached through a gateway of its network, which a process does not know.
  if (!address) return [];
  return service.resolution === 'DNS' && isIP(address) === 0 ? answer(address).addresses : [address];
}

function describe({ description }: StaticService, workload: StaticWorkload, address: string, port: number): Endpoint {
  const { labels, weight, locality, serviceAccount } = workload;
  return {
    key: address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
    address,
    port,
    labels,
    weight: weight ?? 1,
    locality: locality ?? '',
    tls: labels[TLS_MODE_LABEL] === 'istio' ? 'mutual' : 'none',
    protocols: ['http/1.1'],
    workload: workload.workload,
    namespace: description.namespace,
    serviceAccount: serviceAccount ?? '',
  };
}
