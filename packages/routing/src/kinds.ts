import type { Resource, Revision } from '@lateen/resources';
import type { HttpRuleSpec } from './route-compiler.ts';
import type { TrafficPolicySpec } from './traffic-policy.ts';

export interface VirtualServiceSpec {
  readonly hosts?: readonly string[];
  readonly gateways?: readonly string[];
  readonly exportTo?: readonly string[];
  readonly http?: readonly HttpRuleSpec[];
}

export interface DestinationRuleSpec {
  readonly host: string;
  readonly exportTo?: readonly string[];
  readonly workloadSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly trafficPolicy?: TrafficPolicySpec;
  readonly subsets?: readonly {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly trafficPolicy?: TrafficPolicySpec;
  }[];
}

export interface GatewaySpec {
  readonly servers?: readonly { readonly port: { readonly number: number }; readonly hosts: readonly string[] }[];
}

export interface ServiceEntrySpec {
  readonly hosts: readonly string[];
  readonly exportTo?: readonly string[];
}

interface Specs {
  readonly VirtualService: VirtualServiceSpec;
  readonly DestinationRule: DestinationRuleSpec;
  readonly Gateway: GatewaySpec;
  readonly ServiceEntry: ServiceEntrySpec;
}

export function resourcesOfKind<Kind extends keyof Specs>(revision: Revision, kind: Kind): Resource<Kind, Specs[Kind]>[] {
  return revision.resources.filter((resource): resource is Resource<Kind, Specs[Kind]> => resource.kind === kind);
}
