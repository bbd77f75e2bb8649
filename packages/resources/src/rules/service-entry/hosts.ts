import { isDomain } from '../../schema/host-formats.ts';
import type { Report } from '../report.ts';
import { each } from '../shared/each.ts';
import { isHttp, isTls } from '../shared/protocol.ts';
import type { ServiceEntryDraft } from './service-entry-rules.ts';

/** Hosts can be told apart, and looked up where they have to be. */
export function serviceHostRule(spec: ServiceEntryDraft, report: Report): void {
  const { hosts = [], resolution = 'NONE', endpoints, ports = [] } = spec;
  const isLookedUp = (resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN') && !endpoints?.length;
  for (const [name, at] of each(hosts, '/hosts')) {
    if (resolution !== 'DYNAMIC_DNS' && name !== '*' && name.startsWith('*') && !name.startsWith('*.'))
      report.warning(at, `partial wildcard "${name}" not allowed`, `write *.${name.slice(1)}`);
    if (resolution === 'DYNAMIC_DNS' && !name.startsWith('*'))
      report.error(at, 'host must be wildcarded for resolution mode DYNAMIC_DNS', 'write resolution: DNS');
  }
  const wildcard = isLookedUp ? hosts.findIndex((name) => name !== '' && !isDomain(name)) : -1;
  if (wildcard >= 0)
    report.error(`/hosts/${wildcard}`, `${hosts[wildcard]} cannot be looked up: write endpoints, or resolution: NONE`);
  if (resolution !== 'NONE' && hosts.length > 1 && ports.some(({ protocol }) => !isHttp(protocol) && !isTls(protocol)))
    report.error('/hosts', 'multiple hosts provided with non-HTTP, non-TLS ports', 'write a ServiceEntry for each host');
}
