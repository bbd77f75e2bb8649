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
      for (const host of rule.spec.hosts) for (const scoped of scopedHosts(rule, host)) claim(claims, scoped, rule);
    }
    return [...claims].flatMap(([host, rules]) => (rules.length < 2 ? [] : rules.map((rule) => conflict(host, rules, rule))));
  },
};

function claim(claims: Map<string, VirtualServiceResource[]>, host: string, rule: VirtualServiceResource): void {
  const rules = claims.get(host) ?? [];
  if (!rules.includes(rule)) rules.push(rule);
  claims.set(host, rules);
}

/** The host with each namespace that sees the rule, `*` for all: rules that nobody sees together do not meet. */
function scopedHosts({ spec, metadata }: VirtualServiceResource, host: string): string[] {
  const qualified = qualifiedHost(host, metadata.namespace);
  const scopes = spec.exportTo?.length ? spec.exportTo : ['*'];
  return scopes.map((scope) => `${scope === '.' ? metadata.namespace : scope}/${qualified}`);
}

function conflict(host: string, rules: readonly VirtualServiceResource[], rule: VirtualServiceResource) {
  const names = rules
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    .sort()
    .join(',');
  return findingAt(
    'IST0109',
    rule,
    '/metadata/name',
    `The VirtualServices ${names} associated with mesh gateway define the same host ${host} which can lead to undefined behavior. ` +
      'This can be fixed by merging the conflicting VirtualServices into a single resource.',
  );
}
