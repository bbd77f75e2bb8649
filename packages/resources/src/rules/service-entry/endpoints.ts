import { isIP } from 'node:net';
import type { Report } from '../report.ts';
import { each } from '../shared/each.ts';
import { addressRules, type WorkloadDraft } from './workload-address.ts';
import type { ServiceEntryDraft } from './service-entry-rules.ts';

/** What an endpoint may be, by how hosts become addresses. */
export function endpointRules(spec: ServiceEntryDraft, report: Report): void {
  const { endpoints = [], resolution = 'NONE', ports = [] } = spec;
  if (resolution === 'NONE' && spec.endpoints)
    report.error('/endpoints', 'no endpoints should be provided for resolution type none', 'write resolution: STATIC');
  if (resolution === 'DYNAMIC_DNS' && endpoints.length > 0)
    report.error('/endpoints', 'endpoints cannot be set for resolution type DYNAMIC_DNS');
  if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1)
    report.error('/endpoints', 'there must only be 0 or 1 endpoint for resolution mode DNS_ROUND_ROBIN', 'write resolution: DNS');
  if (resolution === 'NONE' || resolution === 'DYNAMIC_DNS') return;
  const names = new Set(ports.map(({ name }) => name));
  for (const [endpoint, at] of each(endpoints, '/endpoints')) {
    if (resolution === 'STATIC') staticRule(endpoint, ports.length, at, report);
    else if (!endpoint.address || endpoint.address.startsWith('unix://'))
      report.error(`${at}/address`, `endpoint address "${endpoint.address ?? ''}" is not a valid FQDN or an IP address`);
    for (const name of Object.keys(endpoint.ports ?? {}))
      if (!names.has(name)) report.error(`${at}/ports`, `endpoint port ${name} is not defined by the service entry`);
  }
}

function staticRule(endpoint: WorkloadDraft, portCount: number, at: string, report: Report): void {
  addressRules(endpoint, at, report);
  const { address = '' } = endpoint;
  if (address.startsWith('unix://')) {
    if (portCount !== 1) report.error(at, 'exactly 1 service port required for unix endpoints');
  } else if (address !== '' && isIP(address) === 0) {
    report.error(`${at}/address`, `endpoint address "${address}" is not a valid IP address`, 'write resolution: DNS');
  }
}
