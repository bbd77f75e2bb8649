import type { Draft } from '../analysis/draft.ts';
import type { Kind, Specs } from '../kinds/index.ts';
import type { Resource } from '../resource.ts';
import { destinationRuleRules } from './destination-rule/destination-rule-rules.ts';
import { httpRouteSpecRules, kubernetesGatewayRules } from './gateway-api-rules.ts';
import { gatewayRules } from './gateway/gateway-rules.ts';
import type { About, Report } from './report.ts';
import { authorizationPolicyRules } from './security/authorization-policy.ts';
import { peerAuthenticationRules } from './security/peer-authentication.ts';
import { requestAuthenticationRules } from './security/request-authentication.ts';
import { serviceEntryRules } from './service-entry/service-entry-rules.ts';
import { workloadEntryRules } from './service-entry/workload-address.ts';
import { workloadGroupRules } from './service-entry/workload-group.ts';
import { emptySelectorRule } from './shared/selector.ts';
import { sidecarRules } from './sidecar/sidecar-rules.ts';
import { telemetryRules } from './telemetry/telemetry-rules.ts';
import { virtualServiceRules } from './virtual-service/virtual-service-rules.ts';

export type { Report };

type RuleSet = { readonly [K in Kind]?: (spec: Draft<Specs[K]>, about: About, report: Report) => void };

/** What a schema cannot say, by kind. A spec may lack what its schema requires: that is told already, and the rest is looked at all the same. */
const RULES: RuleSet = {
  VirtualService: virtualServiceRules,
  DestinationRule: destinationRuleRules,
  ServiceEntry: serviceEntryRules,
  WorkloadEntry: workloadEntryRules,
  WorkloadGroup: workloadGroupRules,
  Gateway: gatewayRules,
  Sidecar: sidecarRules,
  ProxyConfig: ({ selector }, _about, report) => emptySelectorRule(selector, '/selector', report),
  Telemetry: telemetryRules,
  PeerAuthentication: peerAuthenticationRules,
  RequestAuthentication: requestAuthenticationRules,
  AuthorizationPolicy: authorizationPolicyRules,
};

type ValidRuleSet = { readonly [K in Kind]?: (spec: Specs[K], report: Report) => void };

/** The same, of specs that their schema accepts. */
const RULES_OF_VALID: ValidRuleSet = {
  KubernetesGateway: kubernetesGatewayRules,
  HTTPRoute: httpRouteSpecRules,
};

/** @param isValid whether the schema accepts the spec */
export function checkSpecRules(kind: Kind, { spec, metadata }: Resource, isValid: boolean, report: Report): void {
  (RULES[kind] as ((spec: unknown, about: About, report: Report) => void) | undefined)?.(spec, metadata, report);
  if (isValid) (RULES_OF_VALID[kind] as ((spec: unknown, report: Report) => void) | undefined)?.(spec, report);
}
