import type { PolicyWorkload } from '../workload.ts';

type TrustDomains = Pick<PolicyWorkload, 'trustDomain' | 'trustDomainAliases'>;

/** In a policy, whatever the mesh is called: its own trust domain. */
const OWN = 'cluster.local';

/**
 * The principals of a policy in every name that the mesh's trust domain has. Only whole names, `<domain>/ns/<ns>/sa/<account>`, whose domain
 * is one of the mesh's are spelled out; `old-td/ns/foo/*` and names of other domains stay as they are.
 */
export function withAliases(principals: readonly string[], { trustDomain, trustDomainAliases }: TrustDomains): string[] {
  const domains = [trustDomain, ...trustDomainAliases];
  return principals.flatMap((principal) => {
    const [domain = '', ...path] = principal.split('/');
    if (path.length !== 4 || domain === '*') return [principal];
    if (domain !== OWN && !domains.some((own) => covers(domain, own))) return [principal];
    return [...new Set(domains.map((own) => (domain !== own && endsAs(domain, own) ? principal : [own, ...path].join('/'))))];
  });
}

/** The same for `trustDomains`: one of the mesh's names stands for all of them. */
export function domainsWithAliases(values: readonly string[], { trustDomain, trustDomainAliases }: TrustDomains): string[] {
  const domains = [trustDomain, ...trustDomainAliases];
  return [...new Set(values.flatMap((value) => (domains.includes(value) ? domains : [value])))];
}

function covers(pattern: string, domain: string): boolean {
  return pattern === domain || endsAs(pattern, domain) || (pattern.endsWith('*') && domain.startsWith(pattern.slice(0, -1)));
}

function endsAs(pattern: string, domain: string): boolean {
  return pattern.startsWith('*') && domain.endsWith(pattern.slice(1));
}
