import type { Draft } from '../../analysis/draft.ts';
import type { WorkloadEntrySpec } from '../../kinds/index.ts';
import type { About, Report } from '../report.ts';

export type WorkloadDraft = Draft<WorkloadEntrySpec>;

/** What Istio's validation says of a WorkloadEntry beyond the schema. */
export function workloadEntryRules(spec: WorkloadDraft, _about: About, report: Report): void {
  addressRules(spec, '', report);
}

/** A workload is somewhere; a socket has no ports. */
export function addressRules({ address, network, ports }: WorkloadDraft, at: string, report: Report): void {
  if (!address && !network) report.error(at, 'address is required', 'write address');
  else if (!address) report.warning(at, `address is unset with network "${network}"`);
  if (address?.startsWith('unix://'))
    report.unsupported(
      `${at}/address`,
      'a Unix socket is not supported: calls go to hosts and ports',
      'let the workload listen on a port',
    );
  if (address?.startsWith('unix://') && Object.keys(ports ?? {}).length > 0)
    report.error(`${at}/ports`, `unix endpoint ${address} must not include ports`);
}
