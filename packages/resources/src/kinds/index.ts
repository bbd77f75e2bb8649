import type { TSchema } from 'typebox';
import type { Resource } from '../resource.ts';
import type { Revision } from '../resource-set.ts';
import { type DestinationRuleSpec, destinationRuleSchema } from './destination-rule.ts';
import { type GatewaySpec, gatewaySchema } from './gateway.ts';
import { type PeerAuthenticationSpec, peerAuthenticationSchema } from './peer-authentication.ts';
import { type ServiceEntrySpec, serviceEntrySchema, type WorkloadEntrySpec, workloadEntrySchema } from './service-entry.ts';
import { type VirtualServiceSpec, virtualServiceSchema } from './virtual-service.ts';

export type { DestinationRuleSpec, GatewaySpec, PeerAuthenticationSpec, ServiceEntrySpec, VirtualServiceSpec, WorkloadEntrySpec };

/** The spec's type by kind. */
export interface Specs {
  readonly VirtualService: VirtualServiceSpec;
  readonly DestinationRule: DestinationRuleSpec;
  readonly ServiceEntry: ServiceEntrySpec;
  readonly WorkloadEntry: WorkloadEntrySpec;
  readonly Gateway: GatewaySpec;
  readonly PeerAuthentication: PeerAuthenticationSpec;
}

export type Kind = keyof Specs;

const NETWORKING = ['networking.istio.io/v1', 'networking.istio.io/v1beta1', 'networking.istio.io/v1alpha3'];
const SECURITY = ['security.istio.io/v1', 'security.istio.io/v1beta1'];

/** Every kind Lateen takes: its versions and its schema, the one source of type, validation and editor help. */
export const KINDS: Readonly<Record<Kind, { readonly apiVersions: readonly string[]; readonly schema: TSchema }>> = {
  VirtualService: { apiVersions: NETWORKING, schema: virtualServiceSchema },
  DestinationRule: { apiVersions: NETWORKING, schema: destinationRuleSchema },
  ServiceEntry: { apiVersions: NETWORKING, schema: serviceEntrySchema },
  WorkloadEntry: { apiVersions: NETWORKING, schema: workloadEntrySchema },
  Gateway: { apiVersions: NETWORKING, schema: gatewaySchema },
  PeerAuthentication: { apiVersions: SECURITY, schema: peerAuthenticationSchema },
};

/** Istio's kinds that are refused for now, and what to do without them. */
export const REFUSED_KINDS: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'authorize in the application; the policy is not available yet, and ignoring it would let everybody in',
  RequestAuthentication: 'check tokens in the application; the policy is not available yet',
  Sidecar: 'leave it out; every host is visible',
  Telemetry: 'use the LATEEN_* and OTEL_* variables; the resource is not available yet',
  ProxyConfig: 'leave it out; there is no proxy',
  EnvoyFilter: 'leave it out; there is no Envoy',
  WasmPlugin: 'leave it out; there is no Envoy',
  WorkloadGroup: 'write a WorkloadEntry for each, or let workloads register with lateend',
};

/** Whether an `apiVersion` is one of Istio's groups. */
export function isIstioGroup(apiVersion: string): boolean {
  return /^(?:networking|security|telemetry|extensions)\.istio\.io\//.test(apiVersion);
}

/** The resources of one kind, typed. */
export function resourcesOfKind<K extends Kind>(revision: Pick<Revision, 'resources'>, kind: K): Resource<K, Specs[K]>[] {
  return revision.resources.filter((resource): resource is Resource<K, Specs[K]> => resource.kind === kind);
}
