import { type Kind, resourcesOfKind, type Specs } from '../kinds/index.ts';
import type { Resource } from '../resource.ts';

/** What every analyzer needs to look things up in. */
export interface AnalysisContext {
  of<K extends Kind>(kind: K): readonly Resource<K, Specs[K]>[];
  /** Whether a fully qualified host exists; undefined when nobody can tell, since the registered services are not known. */
  hostExists(fqdn: string): boolean | undefined;
}

/** @param services fully qualified hosts that are registered; absent: not known, and hosts are not judged */
export function analysisContext(resources: readonly Resource[], services: readonly string[] | undefined): AnalysisContext {
  const set = { resources };
  const declared = new Set(
    resourcesOfKind(set, 'ServiceEntry').flatMap(({ spec }) => spec.hosts.map((host) => host.toLowerCase())),
  );
  const wildcards = [...declared].filter((host) => host.startsWith('*')).map((host) => host.slice(1));
  const registered = services && new Set(services.map((host) => host.toLowerCase()));
  return {
    of: (kind) => resourcesOfKind(set, kind),
    hostExists(fqdn) {
      if (declared.has(fqdn) || wildcards.some((suffix) => fqdn.endsWith(suffix))) return true;
      return registered?.has(fqdn);
    },
  };
}

/** `reviews` as written in `namespace` → `reviews.default.svc.cluster.local`; a name with a dot is as it is, but for `.svc` forms. */
export function qualifiedHost(host: string, namespace: string): string {
  const lower = host.toLowerCase();
  if (lower.startsWith('*') || lower.endsWith('.svc.cluster.local')) return lower;
  const parts = lower.split('.');
  if (parts.length === 1) return `${lower}.${namespace}.svc.cluster.local`;
  return parts.length === 3 && parts[2] === 'svc' ? `${lower}.cluster.local` : lower;
}
