import type { VirtualServiceSpec } from '../kinds/virtual-service.ts';
import { exportToRules } from './export-to-rules.ts';
import { httpRouteRules } from './http-route-rules.ts';
import type { Report } from './spec-rules.ts';

/** What Istio's validation says beyond the schema. */
export function virtualServiceRules(spec: VirtualServiceSpec, report: Report): void {
  exportToRules(spec.exportTo, report);
  hostRules(spec, report);
  if (!spec.http || spec.http.length === 0) report.error('', 'http, tcp or tls must be provided in virtual service');
  spec.http?.forEach((route, index) => httpRouteRules(route, `/http/${index}`, report));
}

function hostRules({ hosts, gateways }: VirtualServiceSpec, report: Report): void {
  const isForMesh = !gateways || gateways.length === 0 || gateways.includes('mesh');
  hosts.forEach((name, index) => {
    const at = `/hosts/${index}`;
    if (name === '*' && isForMesh)
      report.error(at, 'wildcard host * is not allowed for virtual services bound to the mesh gateway');
    const twin = hosts.slice(0, index).find((earlier) => covers(earlier, name) || covers(name, earlier));
    if (twin !== undefined) report.error(at, `duplicate hosts in virtual service: ${twin} & ${name}`);
  });
}

function covers(pattern: string, host: string): boolean {
  const [left, right] = [pattern.toLowerCase(), host.toLowerCase()];
  return left === right || (left.startsWith('*') && right.endsWith(left.slice(1)) && right.length > left.length - 1);
}
