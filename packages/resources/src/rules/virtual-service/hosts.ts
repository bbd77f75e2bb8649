import { HOST_FORMATS } from '../../schema/host-formats.ts';
import type { Report } from '../report.ts';
import { covers } from '../shared/host-cover.ts';
import type { VirtualServiceDraft } from './drafts.ts';

/** No host twice, be it by a wildcard; and nobody routes the whole mesh. */
export function hostRule({ hosts = [], gateways }: VirtualServiceDraft, report: Report): void {
  const isForMesh = !gateways?.length || gateways.includes('mesh');
  let areValid = true;
  hosts.forEach((host, index) => {
    if (host === '*' && isForMesh)
      report.error(`/hosts/${index}`, 'wildcard host * is not allowed for virtual services bound to the mesh gateway');
    areValid &&= HOST_FORMATS['istio-host']?.test(host) === true && !(host === '*' && isForMesh);
  });
  if (!areValid) return;
  hosts.forEach((host, index) => {
    const twin = hosts.slice(0, index).find((earlier) => covers(earlier, host) || covers(host, earlier));
    if (twin !== undefined) report.error(`/hosts/${index}`, `duplicate hosts in virtual service: ${twin} & ${host}`);
  });
}
