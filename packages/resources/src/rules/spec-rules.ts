import type { Kind, Specs } from '../kinds/index.ts';
import { destinationRuleRules } from './destination-rule-rules.ts';
import { httpRouteSpecRules, kubernetesGatewayRules } from './gateway-api-rules.ts';
import { serviceEntryRules } from './service-entry-rules.ts';
import { virtualServiceRules } from './virtual-service-rules.ts';

/** Tells what is wrong at a JSON pointer below the spec. */
export interface Report {
  error(pointer: string, message: string): void;
  /** Valid, and surely not what was meant. */
  warning(pointer: string, message: string): void;
}

type RuleSet = { readonly [K in Kind]?: (spec: Specs[K], report: Report) => void };

const RULES: RuleSet = {
  VirtualService: virtualServiceRules,
  DestinationRule: destinationRuleRules,
  ServiceEntry: serviceEntryRules,
  KubernetesGateway: kubernetesGatewayRules,
  HTTPRoute: httpRouteSpecRules,
};

/** What a schema cannot say about a spec that it accepts. */
export function checkSpecRules(kind: Kind, spec: unknown, report: Report): void {
  (RULES[kind] as ((spec: unknown, report: Report) => void) | undefined)?.(spec, report);
}
