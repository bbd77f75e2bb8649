import type { Draft } from '../../analysis/draft.ts';
import type { WorkloadGroupSpec } from '../../kinds/index.ts';
import type { About, Report } from '../report.ts';

const METHODS = ['httpGet', 'tcpSocket', 'exec', 'grpc'] as const;

/** A probe asks in some way. (Istio's own validation does not know grpc yet.) */
export function workloadGroupRules({ probe, template }: Draft<WorkloadGroupSpec>, _about: About, report: Report): void {
  if (probe && !METHODS.some((method) => probe[method]))
    report.error('/probe', 'unknown health check method', 'write httpGet or tcpSocket');
  if (template?.address?.startsWith('unix://') && template.ports)
    report.error('/template/ports', `unix endpoint ${template.address} must not include ports`);
}
