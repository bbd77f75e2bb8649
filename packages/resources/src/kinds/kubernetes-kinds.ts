import type { KindDefinition } from './kind-definition.ts';
import {
  type ConfigMapSpec,
  configMapSchema,
  type EndpointSliceSpec,
  type EndpointsSpec,
  endpointSliceSchema,
  endpointsSchema,
  type NamedSpec,
  namedSchema,
  type PodSpec,
  podSchema,
  type SecretSpec,
  secretSchema,
  type ServiceSpec,
  serviceSchema,
  type WorkloadSpec,
  workloadSchema,
} from './kubernetes.ts';

/** The spec's type by kind, of Kubernetes' own kinds. Where Kubernetes has no `spec`, it is all but `apiVersion`, `kind` and `metadata`. */
export interface KubernetesSpecs {
  readonly Service: ServiceSpec;
  readonly Pod: PodSpec;
  readonly Deployment: WorkloadSpec;
  readonly StatefulSet: WorkloadSpec;
  readonly DaemonSet: WorkloadSpec;
  readonly ReplicaSet: WorkloadSpec;
  readonly Secret: SecretSpec;
  readonly ConfigMap: ConfigMapSpec;
  readonly Endpoints: EndpointsSpec;
  readonly EndpointSlice: EndpointSliceSpec;
  readonly Namespace: NamedSpec;
  readonly Node: NamedSpec;
  readonly ServiceAccount: NamedSpec;
}

const CORE = ['v1'];
const APPS = ['apps/v1'];
const workload = { apiVersions: APPS, schema: workloadSchema } as const;

/** Kubernetes' kinds that the mesh understands: what it cannot use of them it leaves to Kubernetes. */
export const KUBERNETES_KINDS: Readonly<Record<keyof KubernetesSpecs, KindDefinition>> = {
  Service: { apiVersions: CORE, schema: serviceSchema },
  Pod: { apiVersions: CORE, schema: podSchema },
  Deployment: workload,
  StatefulSet: workload,
  DaemonSet: workload,
  ReplicaSet: workload,
  Secret: { apiVersions: CORE, schema: secretSchema, withoutSpec: true, confidential: true },
  ConfigMap: { apiVersions: CORE, schema: configMapSchema, withoutSpec: true },
  Endpoints: { apiVersions: CORE, schema: endpointsSchema, withoutSpec: true },
  EndpointSlice: { apiVersions: ['discovery.k8s.io/v1'], schema: endpointSliceSchema, withoutSpec: true },
  Namespace: { apiVersions: CORE, schema: namedSchema, clusterScoped: true },
  Node: { apiVersions: CORE, schema: namedSchema, clusterScoped: true },
  ServiceAccount: { apiVersions: CORE, schema: namedSchema, withoutSpec: true },
};

/** Kinds whose pods come from a template. */
export const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'] as const;
