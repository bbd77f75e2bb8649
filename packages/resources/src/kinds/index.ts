import type { Resource } from '../resource.ts';
import type { Revision } from '../resource-set.ts';
import { type AuthorizationPolicySpec, authorizationPolicySchema } from './authorization-policy.ts';
import { type DestinationRuleSpec, destinationRuleSchema } from './destination-rule.ts';
import { type GatewaySpec, gatewaySchema } from './gateway.ts';
import { GATEWAY_API_KINDS, type GatewayApiSpecs, isGatewayApi, REFUSED_GATEWAY_API_KINDS } from './gateway-api-kinds.ts';
import type { KindDefinition, Refusal } from './kind-definition.ts';
import { KUBERNETES_KINDS, type KubernetesSpecs } from './kubernetes-kinds.ts';
import { type PeerAuthenticationSpec, peerAuthenticationSchema } from './peer-authentication.ts';
import { type ProxyConfigSpec, proxyConfigSchema } from './proxy-config.ts';
import { type RequestAuthenticationSpec, requestAuthenticationSchema } from './request-authentication.ts';
import { type ServiceEntrySpec, serviceEntrySchema, type WorkloadEntrySpec, workloadEntrySchema } from './service-entry.ts';
import { type SidecarSpec, sidecarSchema } from './sidecar.ts';
import { type TelemetrySpec, telemetrySchema } from './telemetry.ts';
import { type VirtualServiceSpec, virtualServiceSchema } from './virtual-service.ts';
import { type WorkloadGroupSpec, workloadGroupSchema } from './workload-group.ts';

export * from './gateway-api-kinds.ts';
export type * from './gateway-api.ts';
export type { GatewayApiFilter } from './gateway-api-filters.ts';
export * from './kubernetes-kinds.ts';
export type * from './kubernetes.ts';
export type { KindDefinition, Refusal };
export type {
  AuthorizationPolicySpec,
  DestinationRuleSpec,
  GatewaySpec,
  PeerAuthenticationSpec,
  ProxyConfigSpec,
  RequestAuthenticationSpec,
  ServiceEntrySpec,
  SidecarSpec,
  TelemetrySpec,
  VirtualServiceSpec,
  WorkloadEntrySpec,
  WorkloadGroupSpec,
};

/** The spec's type by kind, of Istio's kinds. */
export interface IstioSpecs {
  readonly VirtualService: VirtualServiceSpec;
  readonly DestinationRule: DestinationRuleSpec;
  readonly ServiceEntry: ServiceEntrySpec;
  readonly WorkloadEntry: WorkloadEntrySpec;
  readonly Gateway: GatewaySpec;
  readonly WorkloadGroup: WorkloadGroupSpec;
  readonly Sidecar: SidecarSpec;
  readonly ProxyConfig: ProxyConfigSpec;
  readonly Telemetry: TelemetrySpec;
  readonly PeerAuthentication: PeerAuthenticationSpec;
  readonly RequestAuthentication: RequestAuthenticationSpec;
  readonly AuthorizationPolicy: AuthorizationPolicySpec;
}

/** The spec's type by kind. */
export interface Specs extends IstioSpecs, KubernetesSpecs, GatewayApiSpecs {}

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
  WorkloadGroup: {
    apiVersions: NETWORKING,
    schema: workloadGroupSchema,
    moot: 'workloads register themselves, with the labels and the account that their token grants',
  },
  Sidecar: { apiVersions: NETWORKING, schema: sidecarSchema },
  ProxyConfig: {
    apiVersions: ['networking.istio.io/v1beta1'],
    schema: proxyConfigSchema,
    moot: 'there is no proxy: the mesh runs in the process',
  },
  Telemetry: { apiVersions: ['telemetry.istio.io/v1', 'telemetry.istio.io/v1alpha1'], schema: telemetrySchema },
  PeerAuthentication: { apiVersions: SECURITY, schema: peerAuthenticationSchema },
  RequestAuthentication: {
    apiVersions: SECURITY,
    schema: requestAuthenticationSchema,
    refused: {
      because: 'tokens are not checked yet, and ignoring the policy would believe anybody',
      instead: 'check tokens in the application',
    },
  },
  AuthorizationPolicy: {
    apiVersions: SECURITY,
    schema: authorizationPolicySchema,
    refused: {
      because: 'access is not judged yet, and ignoring the policy would let everybody in',
      instead: 'authorize in the application',
    },
  },
};

/** Istio's kinds that have no schema here: what they configure does not exist in a process. */
export const REFUSED_KINDS: Readonly<Record<string, Refusal>> = {
  EnvoyFilter: { because: 'there is no Envoy', instead: 'leave it out' },
  WasmPlugin: { because: 'there is no Envoy', instead: 'leave it out' },
  TrafficExtension: { because: 'there is no Envoy', instead: 'leave it out' },
};

/** Why a kind is refused, and what to do without it; undefined for one that is not. */
export function refusalOf(apiVersion: string, kind: string): Refusal | undefined {
  const refused = isGatewayApi(apiVersion) ? REFUSED_GATEWAY_API_KINDS : isIstioGroup(apiVersion) ? REFUSED_KINDS : {};
  return Object.hasOwn(refused, kind) ? refused[kind] : undefined;
}

/** Whether an `apiVersion` is one of Istio's groups. */
export function isIstioGroup(apiVersion: string): boolean {
  return /^(?:networking|security|telemetry|extensions)\.istio\.io\//.test(apiVersion);
}

/** All kinds that are understood, Istio's and others'. */
export const DEFINITIONS: Readonly<Record<Kind, KindDefinition>> = {
  ...KINDS,
  ...KUBERNETES_KINDS,
  ...GATEWAY_API_KINDS,
};

const KIND_NAMES = Object.keys(DEFINITIONS) as Kind[];

/** The kind that is written so in this version of its group; undefined when nobody here understands it. */
export function kindWrittenAs(apiVersion: string, written: string): Kind | undefined {
  return KIND_NAMES.find((kind) => {
    const { apiVersions, writtenAs = kind } = DEFINITIONS[kind];
    return writtenAs === written && apiVersions.includes(apiVersion);
  });
}

const sorted = new WeakMap<readonly Resource[], ReadonlyMap<string, readonly Resource[]>>();

/** The resources of one kind, typed, in a list of the caller's own. A revision is sorted by kinds once, however often it is asked. */
export function resourcesOfKind<K extends Kind>(revision: Pick<Revision, 'resources'>, kind: K): Resource<K, Specs[K]>[] {
  const { apiVersions, writtenAs = kind } = DEFINITIONS[kind];
  const written = byWrittenKind(revision.resources).get(writtenAs) ?? [];
  return written.filter((resource): resource is Resource<K, Specs[K]> => apiVersions.includes(resource.apiVersion));
}

function byWrittenKind(resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const known = sorted.get(resources);
  if (known) return known;
  const byKind = new Map<string, Resource[]>();
  for (const resource of resources) {
    const list = byKind.get(resource.kind);
    if (list) list.push(resource);
    else byKind.set(resource.kind, [resource]);
  }
  sorted.set(resources, byKind);
  return byKind;
}
