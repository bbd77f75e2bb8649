import type { Draft } from '../../analysis/draft.ts';
import type { ServiceEntrySpec } from '../../kinds/index.ts';
import { HOST_WITHOUT_TARGET } from '../checks.ts';
import type { About, Report } from '../report.ts';
import { exportToRule } from '../shared/export-to.ts';
import { emptySelectorRule } from '../shared/selector.ts';
import { addressRule } from './addresses.ts';
import { endpointRules } from './endpoints.ts';
import { serviceHostRule } from './hosts.ts';
import { portRule } from './ports.ts';

export type ServiceEntryDraft = Draft<ServiceEntrySpec>;

/** What Istio's validation says of a ServiceEntry beyond the schema, and what it had better said. */
export function serviceEntryRules(spec: ServiceEntryDraft, about: About, report: Report): void {
  exportToRule(spec.exportTo, about, report);
  emptySelectorRule(spec.workloadSelector, '/workloadSelector', report);
  if (spec.workloadSelector && spec.endpoints)
    report.error('/workloadSelector', 'only one of WorkloadSelector or Endpoints is allowed in Service Entry');
  if (spec.workloadSelector && (spec.resolution ?? 'NONE') === 'NONE')
    report.warning('/workloadSelector', 'workloadSelector should not be set when resolution mode is NONE');
  serviceHostRule(spec, report);
  addressRule(spec, report);
  portRule(spec, report);
  endpointRules(spec, report);
  targetRule(spec, report);
}

function targetRule({ ports, resolution, endpoints, workloadSelector }: ServiceEntryDraft, report: Report): void {
  if (!ports?.length) report.own(HOST_WITHOUT_TARGET, '', 'a host without ports does nothing', 'write ports');
  if (resolution === 'STATIC' && !workloadSelector && !endpoints?.length)
    report.own(
      HOST_WITHOUT_TARGET,
      '',
      'there is nothing to send to: every request gets 503',
      'write endpoints or workloadSelector',
    );
}
