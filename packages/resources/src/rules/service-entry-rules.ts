import type { ServiceEntrySpec } from '../kinds/service-entry.ts';
import type { Report } from './spec-rules.ts';

/** What Istio's validation says beyond the schema. */
export function serviceEntryRules(spec: ServiceEntrySpec, report: Report): void {
  const resolution = spec.resolution ?? 'NONE';
  if (spec.workloadSelector && spec.endpoints)
    report('/workloadSelector', 'only one of workloadSelector or endpoints is allowed in service entry');
  if (resolution === 'NONE' && spec.endpoints && spec.endpoints.length > 0)
    report('/endpoints', 'no endpoints should be provided for resolution type none');
  if (resolution === 'STATIC' && !spec.workloadSelector && (!spec.endpoints || spec.endpoints.length === 0)) {
    report('', 'endpoints or a workloadSelector must be provided if service entry resolution mode is STATIC');
  }
  spec.hosts.forEach((name, index) => {
    if (name === '*') report(`/hosts/${index}`, 'wildcard host * is not allowed in a service entry');
    if (name.startsWith('*') && resolution !== 'NONE') report(`/hosts/${index}`, `wildcard host ${name} needs resolution NONE`);
  });
  portRules(spec, report);
}

function portRules({ ports }: ServiceEntrySpec, report: Report): void {
  const names = new Set<string>();
  const numbers = new Set<number>();
  ports?.forEach(({ name, number }, index) => {
    if (names.has(name)) report(`/ports/${index}`, `port name ${name} is used twice`);
    if (numbers.has(number)) report(`/ports/${index}`, `port number ${number} is used twice`);
    names.add(name);
    numbers.add(number);
  });
}
