import type { Draft } from '../../analysis/draft.ts';
import type { DestinationRuleSpec } from '../../kinds/index.ts';
import { SAID_TWICE } from '../checks.ts';
import { type About, losingWarnings, type Report } from '../report.ts';
import { connectionPoolRule } from '../shared/connection-pool.ts';
import { each } from '../shared/each.ts';
import { exportToRule } from '../shared/export-to.ts';
import { emptySelectorRule } from '../shared/selector.ts';
import { clientTlsRule } from './client-tls.ts';
import { loadBalancerRule } from './load-balancer.ts';
import { localityRule } from './locality.ts';
import { outlierRule } from './outlier-detection.ts';
import { tunnelRule } from './tunnel.ts';

export type DestinationRuleDraft = Draft<DestinationRuleSpec>;
export type TrafficPolicy = NonNullable<DestinationRuleDraft['trafficPolicy']>;
export type PolicyBlocks = Pick<TrafficPolicy, 'tls' | 'outlierDetection' | 'loadBalancer' | 'connectionPool'>;

/** What Istio's validation says of a DestinationRule beyond the schema, and what it had better said. */
export function destinationRuleRules(spec: DestinationRuleDraft, about: About, report: Report): void {
  exportToRule(spec.exportTo, about, report);
  emptySelectorRule(spec.workloadSelector, '/workloadSelector', report);
  selectorVisibilityRule(spec, about, report);
  if (spec.trafficPolicy) policyRules(spec.trafficPolicy, '/trafficPolicy', about, report);
  const names = new Set<string | undefined>();
  for (const [{ name, trafficPolicy }, at] of each(spec.subsets, '/subsets')) {
    if (names.has(name)) report.error(at, `duplicate subset names: ${name}`);
    names.add(name);
    if (trafficPolicy) policyRules(trafficPolicy, `${at}/trafficPolicy`, about, losingWarnings(report));
  }
}

/** What is for some workloads of a namespace is nobody else's business. */
function selectorVisibilityRule(
  { workloadSelector, exportTo }: DestinationRuleDraft,
  { namespace }: About,
  report: Report,
): void {
  if (!workloadSelector || !exportTo?.length) return;
  if (exportTo.some((entry) => entry !== '.' && entry !== namespace))
    report.error('/exportTo', 'destination rule with workload selector cannot have exportTo beyond current namespace');
}

function policyRules(policy: TrafficPolicy, at: string, about: About, report: Report): void {
  blockRules(policy, at, about, report);
  tunnelRule(policy, at, report);
  const ports = new Set<number | undefined>();
  for (const [settings, place] of each(policy.portLevelSettings, `${at}/portLevelSettings`)) {
    const number = settings.port?.number;
    if (number !== undefined && ports.has(number))
      report.own(SAID_TWICE, place, `port ${number} has settings twice; only the first would count`, 'keep one of them');
    ports.add(number);
    if (!settings.tls && !settings.outlierDetection && !settings.loadBalancer && !settings.connectionPool)
      report.error(place, 'port traffic policy must have at least one field');
    blockRules(settings, place, about, losingWarnings(report));
  }
}

function blockRules(policy: PolicyBlocks, at: string, about: About, report: Report): void {
  clientTlsRule(policy, at, about, report);
  outlierRule(policy, at, report);
  loadBalancerRule(policy, at, report);
  localityRule(policy, at, report);
  connectionPoolRule(policy.connectionPool, `${at}/connectionPool`, report);
}
