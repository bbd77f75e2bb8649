import { HostMap } from './host-names.ts';
import type { VirtualHost } from './virtual-host.ts';

/**
 * By port, then by any spelling of the host; with the port too, as callers mostly write it, so that finding it costs one lookup. Of two
 * hosts for one name the first counts, and own names come before the short forms of others.
 */
export function hostsByPort(hosts: readonly VirtualHost[]): Map<number, HostMap<VirtualHost>> {
  const byPort = new Map<number, HostMap<VirtualHost>>();
  for (const host of hosts) {
    let map = byPort.get(host.port);
    if (!map) byPort.set(host.port, (map = new HostMap<VirtualHost>()));
    for (const key of host.keys) map.add(key, host);
  }
  for (const host of hosts) {
    const map = byPort.get(host.port) as HostMap<VirtualHost>;
    for (const key of host.shortKeys) map.add(key, host);
  }
  return byPort;
}
