import { isIP } from 'node:net';
import { isWildcardDomain } from '../../schema/host-formats.ts';
import type { Report } from '../report.ts';
import { covers } from '../shared/host-cover.ts';
import { each } from '../shared/each.ts';
import type { TlsRoute, VirtualServiceDraft } from './drafts.ts';

/** Names in TLS are among the hosts that the VirtualService is for. */
export function sniRule({ match }: TlsRoute, { hosts = [] }: VirtualServiceDraft, at: string, report: Report): void {
  for (const [{ sniHosts }, place] of each(match, `${at}/match`))
    for (const [name, here] of each(sniHosts, `${place}/sniHosts`)) {
      if (isAutomatic(name)) continue;
      if (isIP(name) === 4)
        report.warning(here, `using an IP address ("${name}") goes against SNI spec and most clients do not support this`);
      else if (!isWildcardDomain(name)) report.error(here, `${JSON.stringify(name)} is no host name`);
      else if (!hosts.some((host) => isWithin(name, host)))
        report.error(
          here,
          `SNI host "${name}" is not a compatible subset of any of the virtual service hosts: [${hosts.join(', ')}]`,
        );
    }
}

/** `outbound_.80_._.reviews.default.svc.cluster.local`, by which gateways between networks know a cluster. */
const isAutomatic = (name: string): boolean => /^outbound_\.?\d+_[^_]*_\.?[a-zA-Z]/.test(name);

const isWithin = (name: string, host: string): boolean => covers(host, name) && (host.startsWith('*') || !name.startsWith('*'));
