import type { DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { fullName } from '../full-name.ts';
import { resourceFinding } from '../value-finding.ts';
import { selectorText } from '../world/labels.ts';
import { listeners, meet, type Listener } from '../world/listeners.ts';

/** IST0145: two servers of one workload have the same port and host, and one of them is dropped; in two Gateways or, which istioctl passes over, in one. */
export const conflictingGateways: Analyzer = {
  name: 'gateway.ConflictingGatewayAnalyzer',
  description: 'No two servers of a gateway have the same port and host',
  analyze({ of, workloads }) {
    const all = of('Gateway').flatMap(listeners);
    return all.flatMap((listener) => {
      const rivals = all.filter(
        (other) => other !== listener && isSamePlace(listener, other) && meet(listener, other, workloads),
      );
      return rivals.length === 0 ? [] : [conflict(listener, rivals)];
    });
  },
};

function isSamePlace(own: Listener, other: Listener): boolean {
  return own.port === other.port && own.bind === other.bind && own.hosts.some((host) => other.hosts.includes(host));
}

function conflict({ gateway, port, hosts }: Listener, rivals: readonly Listener[]) {
  const names = [...new Set(rivals.map((rival) => fullName(rival.gateway)))].sort().join(',');
  const selector = selectorText((gateway as DraftResource<'Gateway'>).spec.selector ?? {});
  const message = `Conflict with gateways ${names} (workload selector ${selector}, port ${port}, hosts ${hosts.join(',')}).`;
  return resourceFinding('IST0145', gateway, message);
}
