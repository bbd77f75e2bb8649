import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import type { VirtualServiceDraft } from '../destinations.ts';
import { fullName } from '../full-name.ts';
import { valueFinding } from '../value-finding.ts';
import { EVERY_NAMESPACE, exportScopes } from '../world/export-scopes.ts';
import { qualifiedHost } from '../world/hosts.ts';

/** IST0109: two VirtualServices of the mesh claim one host, and which of them counts is chance. */
export const conflictingMeshHosts: Analyzer = {
  name: 'virtualservice.ConflictingMeshGatewayHostsAnalyzer',
  description: 'No two VirtualServices of the mesh claim one host',
  analyze({ of }) {
    const claims = new Map<string, Set<VirtualServiceDraft>>();
    for (const service of of('VirtualService')) for (const scoped of claimedHosts(service)) claim(claims, scoped, service);
    const reported = new Map<VirtualServiceDraft, Finding>();
    for (const [scoped, own] of claims) {
      const services = [...new Set([...own, ...claimedByAll(claims, scoped)])];
      if (services.length < 2) continue;
      for (const service of services) if (!reported.has(service)) reported.set(service, conflict(scoped, services, service));
    }
    return [...reported.values()];
  },
};

function claim(claims: Map<string, Set<VirtualServiceDraft>>, host: string, service: VirtualServiceDraft): void {
  const services = claims.get(host);
  if (services) services.add(service);
  else claims.set(host, new Set([service]));
}

/** Each host with each namespace that sees the rules, `*` for all: rules that nobody sees together do not meet. */
function claimedHosts({ spec, metadata: { namespace } }: VirtualServiceDraft): string[] {
  if (spec.gateways && spec.gateways.length > 0 && !spec.gateways.includes('mesh')) return [];
  const scopes = exportScopes(spec.exportTo as readonly string[] | undefined, namespace);
  const hosts = (spec.hosts ?? []) as readonly string[];
  return scopes.flatMap((scope) => hosts.map((host) => `${scope}/${qualifiedHost(host, namespace)}`));
}

/** Those who claim the host for everybody meet whoever claims it for some. */
function claimedByAll(claims: ReadonlyMap<string, ReadonlySet<VirtualServiceDraft>>, scoped: string) {
  return claims.get(`${EVERY_NAMESPACE}${scoped.slice(scoped.indexOf('/'))}`) ?? [];
}

function conflict(host: string, services: readonly VirtualServiceDraft[], service: VirtualServiceDraft): Finding {
  const names = services.map(fullName).sort().join(',');
  const message =
    `The VirtualServices ${names} associated with mesh gateway define the same host ${host} which can lead to undefined behavior. ` +
    'This can be fixed by merging the conflicting VirtualServices into a single resource.';
  return valueFinding('IST0109', service, '/metadata/name', message);
}
