import type { CompileContext } from './compile-context.ts';
import { onPort } from './compile-cache.ts';
import { rulesFor } from './rule-scope.ts';
import { sameItems } from './same-items.ts';
import { VirtualHost } from './virtual-host.ts';
import type { VisibleVirtualService } from './virtual-services.ts';

/**
 * The last table's virtual hosts of the mesh, with those made anew whose VirtualServices say something else now: what most changes are.
 *
 * @returns undefined where anything else has changed, and who owns which host has to be found out again
 */
export function changedHosts(context: CompileContext): VirtualHost[] | undefined {
  const { virtualHosts, lastVirtualHosts: last } = context;
  if (!last?.hasSurroundingsOf(virtualHosts)) return undefined;
  const changes = changedRules(last.virtualServices, context.virtualServices);
  if (!changes || [...changes.keys()].some((rule) => last.idleRules.has(rule))) return undefined;
  const list = [...last.list];
  for (const [index, host] of list.entries()) {
    const rule = host.owner && changes.get(host.owner);
    if (!rule) continue;
    const compiled = rulesFor(context, rule, host.host, host.port, 'mesh');
    if (compiled.rules.length === 0) return undefined;
    list[index] = new VirtualHost(host.host, host.names, host.shortNames, host.port, compiled, { owner: rule });
  }
  // Only a cache of what was made: an entry that is replaced is found by nobody else.
  virtualHosts.hosts = last.hosts;
  virtualHosts.defaultRules = last.defaultRules;
  virtualHosts.idleRules = last.idleRules;
  for (const [index, host] of list.entries()) if (host !== last.list[index]) onPort(last.hosts, host.port).set(host.host, host);
  return list;
}

/** What each has become, where all are still in their places and for the same hosts. */
function changedRules(
  before: readonly VisibleVirtualService[],
  after: readonly VisibleVirtualService[],
): ReadonlyMap<VisibleVirtualService, VisibleVirtualService> | undefined {
  if (before.length !== after.length) return undefined;
  const changes = new Map<VisibleVirtualService, VisibleVirtualService>();
  for (let i = 0; i < before.length; i++) {
    const one = before[i] as VisibleVirtualService;
    const other = after[i] as VisibleVirtualService;
    if (one === other) continue;
    if (!claimsSame(one, other)) return undefined;
    changes.set(one, other);
  }
  return changes;
}

function claimsSame(one: VisibleVirtualService, other: VisibleVirtualService): boolean {
  return (
    one.namespace === other.namespace &&
    sameItems(one.hosts, other.hosts) &&
    one.gateways.has('mesh') === other.gateways.has('mesh')
  );
}
