import { isIP } from 'node:net';
import type { ServiceEntrySpec } from '../kinds/service-entry.ts';
import { exportToRules } from './export-to-rules.ts';
import type { Report } from './spec-rules.ts';

/** What Istio's validation says beyond the schema. */
export function serviceEntryRules(spec: ServiceEntrySpec, report: Report): void {
  exportToRules(spec.exportTo, report);
  const { resolution = 'NONE', endpoints = [] } = spec;
  if (spec.workloadSelector && spec.endpoints)
    report.error('/workloadSelector', 'only one of workloadSelector or endpoints is allowed in service entry');
  if (resolution === 'NONE' && endpoints.length > 0)
    report.error('/endpoints', 'no endpoints should be provided for resolution type none');
  if (resolution === 'STATIC' && !spec.workloadSelector && endpoints.length === 0)
    report.warning('', 'STATIC without endpoints or workloadSelector: there is nothing to send to, every request gets 503');
  hostRules(spec, report);
  addressRules(spec, report);
  portRules(spec, report);
}

function hostRules({ hosts, resolution = 'NONE', endpoints = [], workloadSelector }: ServiceEntrySpec, report: Report): void {
  const isLookedUp = (resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN') && endpoints.length === 0 && !workloadSelector;
  const seen = new Set<string>();
  hosts.forEach((name, index) => {
    const at = `/hosts/${index}`;
    if (name === '*') report.error(at, 'wildcard host * is not allowed in a service entry');
    else if (name.startsWith('*') && !name.startsWith('*.'))
      report.warning(at, `partial wildcard "${name}" not allowed; write *.${name.slice(1)}`);
    if (name.startsWith('*') && isLookedUp)
      report.error(at, `wildcard host ${name} has no address to look up; give endpoints, or write resolution: NONE`);
    if (seen.has(name.toLowerCase())) report.error(at, `host ${name} is named twice`);
    seen.add(name.toLowerCase());
  });
}

function addressRules({ addresses = [], endpoints = [], resolution = 'NONE' }: ServiceEntrySpec, report: Report): void {
  const isDns = resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN';
  if (isDns && addresses.some((address) => address.includes('/')))
    report.error('/addresses', 'CIDR addresses are allowed only for NONE/STATIC resolution types');
  endpoints.forEach(({ address }, index) => {
    if (resolution === 'STATIC' && isIP(address) === 0)
      report.error(`/endpoints/${index}/address`, `${address} is no IP address; host names need resolution DNS`);
  });
}

function portRules({ ports, endpoints = [] }: ServiceEntrySpec, report: Report): void {
  const names = new Set<string>();
  const numbers = new Set<number>();
  ports?.forEach(({ name, number }, index) => {
    if (names.has(name)) report.error(`/ports/${index}`, `port name ${name} is used twice`);
    if (numbers.has(number)) report.error(`/ports/${index}`, `port number ${number} is used twice`);
    names.add(name);
    numbers.add(number);
  });
  endpoints.forEach((endpoint, index) => {
    for (const name of Object.keys(endpoint.ports ?? {}))
      if (!names.has(name))
        report.error(`/endpoints/${index}/ports`, `endpoint port ${name} is not defined by the service entry`);
  });
}
