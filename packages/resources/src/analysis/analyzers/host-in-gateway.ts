import type { GatewaySpec } from '../../kinds/index.ts';
import { findingAt } from '../../make-finding.ts';
import type { Resource } from '../../resource.ts';
import type { Analyzer } from '../analyzer.ts';
import type { VirtualServiceResource } from '../destinations.ts';

/** IST0132: a VirtualService bound to a Gateway has a host that the Gateway does not serve. */
export const hostInGateway: Analyzer = {
  name: 'hosts of a VirtualService are served by its Gateways',
  analyze(context) {
    const gateways = new Map(
      context.of('Gateway').map((gateway) => [`${gateway.metadata.namespace}/${gateway.metadata.name}`, gateway]),
    );
    return context.of('VirtualService').flatMap((rule) =>
      (rule.spec.gateways ?? []).flatMap((written, index) => {
        if (written === 'mesh') return [];
        const { namespace, name } = rule.metadata;
        const gateway = written.includes('/') ? written : `${namespace}/${written}`;
        const missing = rule.spec.hosts.filter((host) => !serves(gateways.get(gateway), rule, host));
        if (missing.length === 0) return [];
        const hosts = `one or more host [${missing.join(' ')}] defined in VirtualService ${namespace}/${name}`;
        return [findingAt('IST0132', rule, `/spec/gateways/${index}`, `${hosts} not found in Gateway ${gateway}.`)];
      }),
    );
  },
};

function serves(gateway: Resource<'Gateway', GatewaySpec> | undefined, rule: VirtualServiceResource, host: string): boolean {
  if (!gateway) return false;
  return gateway.spec.servers.some((server) =>
    server.hosts.some((served) => {
      const slash = served.indexOf('/');
      const namespace = slash < 0 ? '*' : served.slice(0, slash);
      const own = namespace === '.' ? gateway.metadata.namespace : namespace;
      if (own !== '*' && own !== rule.metadata.namespace) return false;
      return overlaps(served.slice(slash + 1).toLowerCase(), host.toLowerCase());
    }),
  );
}

/** Two host patterns have a host in common. */
function overlaps(left: string, right: string): boolean {
  if (left === '*' || right === '*' || left === right) return true;
  const leftSuffix = left.startsWith('*') ? left.slice(1) : undefined;
  const rightSuffix = right.startsWith('*') ? right.slice(1) : undefined;
  if (leftSuffix !== undefined && rightSuffix !== undefined)
    return leftSuffix.endsWith(rightSuffix) || rightSuffix.endsWith(leftSuffix);
  if (leftSuffix !== undefined) return right.endsWith(leftSuffix);
  return rightSuffix !== undefined && left.endsWith(rightSuffix);
}
