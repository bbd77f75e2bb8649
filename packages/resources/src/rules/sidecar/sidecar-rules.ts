import type { Draft } from '../../analysis/draft.ts';
import type { SidecarSpec } from '../../kinds/index.ts';
import { STRICT_BY_DEFAULT } from '../checks.ts';
import type { About, Report } from '../report.ts';
import { connectionPoolRule } from '../shared/connection-pool.ts';
import { emptySelectorRule } from '../shared/selector.ts';
import { egressRules } from './egress.ts';
import { ingressRules } from './ingress.ts';

export type SidecarDraft = Draft<SidecarSpec>;

/** What Istio's validation says of a Sidecar beyond the schema, and what it had better said. */
export function sidecarRules(spec: SidecarDraft, about: About, report: Report): void {
  if (!spec.egress?.length && !spec.ingress?.length && !spec.outboundTrafficPolicy && !spec.inboundConnectionPool)
    return report.error('', 'sidecar: empty configuration provided');
  emptySelectorRule(spec.workloadSelector, '/workloadSelector', report);
  ingressRules(spec, report);
  egressRules(spec, about, report);
  connectionPoolRule(spec.inboundConnectionPool, '/inboundConnectionPool', report);
  policyRule(spec, report);
}

function policyRule({ outboundTrafficPolicy: policy }: SidecarDraft, report: Report): void {
  if (!policy) return;
  const here = '/outboundTrafficPolicy';
  if (policy.mode === undefined)
    report.own(STRICT_BY_DEFAULT, here, 'an outboundTrafficPolicy without mode means REGISTRY_ONLY', 'write the mode');
  if (!policy.egressProxy) return;
  if (policy.mode !== 'ALLOW_ANY')
    report.error(`${here}/egressProxy`, 'sidecar: egress_proxy must be set only with ALLOW_ANY outbound_traffic_policy mode');
  else if (!policy.egressProxy.port)
    report.error(`${here}/egressProxy`, 'sidecar: egress_proxy port must be non-nil', 'write port');
}
