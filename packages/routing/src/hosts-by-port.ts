import type { VirtualHosts } from './compile-cache.ts';
import { HostMap } from './host-names.ts';
import type { VirtualHost } from './virtual-host.ts';

/** The hosts of one port with the look-up made of them. */
export interface PortHosts {
  readonly hosts: readonly VirtualHost[];
  readonly map: HostMap<VirtualHost>;
}

/**
 * By port, then by any spelling of the host; with the port too, as callers mostly write it, so that finding it costs one lookup. Of two
 * hosts for one name the first counts, and own names come before the short forms of others.
 */
export function hostsByPort(next: VirtualHosts, last: VirtualHosts | undefined): ReadonlyMap<number, PortHosts> {
  if (next.byPort.size > 0) return next.byPort;
  const onPort = new Map<number, VirtualHost[]>();
  for (const host of next.list) {
    const known = onPort.get(host.port);
    if (known) known.push(host);
    else onPort.set(host.port, [host]);
  }
  for (const [port, list] of onPort) {
    const known = last?.byPort.get(port);
    next.byPort.set(port, { hosts: list, map: (known && changed(known, list)) ?? mapOf(list) });
  }
  return next.byPort;
}

/** The last look-up with some hosts replaced by what they have become; undefined where names came or went. */
function changed({ hosts, map }: PortHosts, list: readonly VirtualHost[]): HostMap<VirtualHost> | undefined {
  if (hosts.length !== list.length) return undefined;
  const replaced = new Map<VirtualHost, VirtualHost>();
  for (let i = 0; i < list.length; i++) {
    const before = hosts[i] as VirtualHost;
    const after = list[i] as VirtualHost;
    if (before === after) continue;
    if (!before.hasKeysOf(after)) return undefined;
    replaced.set(before, after);
  }
  if (replaced.size === 0) return map;
  const copy = map.copy();
  for (const [before, after] of replaced) {
    for (const key of before.keys) copy.replace(key, before, after);
    for (const key of before.shortKeys) copy.replace(key, before, after);
  }
  return copy;
}

function mapOf(hosts: readonly VirtualHost[]): HostMap<VirtualHost> {
  const map = new HostMap<VirtualHost>();
  for (const host of hosts) for (const key of host.keys) map.add(key, host);
  for (const host of hosts) for (const key of host.shortKeys) map.add(key, host);
  return map;
}
