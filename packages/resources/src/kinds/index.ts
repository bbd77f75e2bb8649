import type { Resource } from '../resource.ts';
import type { Revision } from '../resource-set.ts';
import { type DestinationRuleSpec, destinationRuleSchema } from './destination-rule.ts';
import { type GatewaySpec, gatewaySchema } from './gateway.ts';
import type { KindDefinition } from './kind-definition.ts';
import { KUBERNETES_KINDS, type KubernetesSpecs } from './kubernetes-kinds.ts';
import { type PeerAuthenticationSpec, peerAuthenticationSchema } from './peer-authentication.ts';
import { type ServiceEntrySpec, serviceEntrySchema, type WorkloadEntrySpec, workloadEntrySchema } from './service-entry.ts';
import { type VirtualServiceSpec, virtualServiceSchema } from './virtual-service.ts';

export * from './kubernetes-kinds.ts';
export type * from './kubernetes.ts';
export type { KindDefinition };
export type { DestinationRuleSpec, GatewaySpec, PeerAuthenticationSpec, ServiceEntrySpec, VirtualServiceSpec, WorkloadEntrySpec };

/** The spec's type by kind, of Istio's kinds. */
export interface IstioSpecs {
  readonly VirtualService: VirtualServiceSpec;
  readonly DestinationRule: DestinationRuleSpec;
  readonly ServiceEntry: ServiceEntrySpec;
  readonly WorkloadEntry: WorkloadEntrySpec;
  readonly Gateway: GatewaySpec;
  readonly PeerAuthentication: PeerAuthenticationSpec;
}

/** The spec's type by kind. */
export interface Specs extends IstioSpecs, KubernetesSpecs {}

export type Kind = keyof Specs;
export type IstioKind = keyof IstioSpecs;

const NETWORKING = ['networking.istio.io/v1', 'networking.istio.io/v1beta1', 'networking.istio.io/v1alpha3'];
const SECURITY = ['security.istio.io/v1', 'security.istio.io/v1beta1'];

/** Every kind of Istio's that Lateen takes: its versions and its schema, the one source of type, validation and editor help. */
export const KINDS: Readonly<Record<IstioKind, KindDefinition>> = {
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

/** All kinds that are understood, Istio's and others'. */
export const DEFINITIONS: Readonly<Record<Kind, KindDefinition>> = { ...KINDS, ...KUBERNETES_KINDS };

const KIND_NAMES = Object.keys(DEFINITIONS) as Kind[];

/** The kind that is written so in this version of its group; undefined when nobody here understands it. */
export function kindWrittenAs(apiVersion: string, written: string): Kind | undefined {
  return KIND_NAMES.find((kind) => {
    const { apiVersions, writtenAs = kind } = DEFINITIONS[kind];
    return writtenAs === written && apiVersions.includes(apiVersion);
  });
}

/** The resources of one kind, typed. */
export function resourcesOfKind<K extends Kind>(revision: Pick<Revision, 'resources'>, kind: K): Resource<K, Specs[K]>[] {
  const { apiVersions, writtenAs = kind } = DEFINITIONS[kind];
  return revision.resources.filter(
    (resource): resource is Resource<K, Specs[K]> => resource.kind === writtenAs && apiVersions.includes(resource.apiVersion),
  );
}
