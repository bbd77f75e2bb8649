import { findingAt } from '../../make-finding.ts';
import { qualifiedHost } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import type { VirtualServiceResource } from '../destinations.ts';

/** IST0109: two VirtualServices of the mesh claim one host, and which of them counts is chance. */
export const conflictingMeshHosts: Analyzer = {
  name: 'one VirtualService of the mesh per host',
  analyze(context) {
    const claims = new Map<string, VirtualServiceResource[]>();
    for (const rule of context.of('VirtualService')) {
      if (rule.spec.gateways && !rule.spec.gateways.includes('mesh')) continue;
      for (const host of rule.spec.hosts) claim(claims, scopedHost(rule, host), rule);
    }
    return [...claims].flatMap(([host, rules]) => (rules.length < 2 ? [] : rules.map((rule) => conflict(host, rules, rule))));
  },
};

function claim(claims: Map<string, VirtualServiceResource[]>, host: string, rule: VirtualServiceResource): void {
  const rules = claims.get(host) ?? [];
  if (!rules.includes(rule)) rules.push(rule);
  claims.set(host, rules);
}

/** The host with who sees it: two private rules of different namespaces do not meet. */
function scopedHost({ spec, metadata }: VirtualServiceResource, host: string): string {
  const isPrivate = spec.exportTo?.length === 1 && spec.exportTo[0] === '.';
  return `${isPrivate ? metadata.namespace : '*'}/${qualifiedHost(host, metadata.namespace)}`;
}

function conflict(host: string, rules: readonly VirtualServiceResource[], rule: VirtualServiceResource) {
  const names = rules
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    .sort()
    .join(',');
  return findingAt(
    'IST0109',
    rule,
    '',
    `The VirtualServices ${names} associated with mesh gateway define the same host ${host} which can lead to undefined behavior. ` +
      'This can be fixed by merging the conflicting VirtualServices into a single resource.',
  );
}
