import type { KindDefinition, Refusal } from './kind-definition.ts';
import {
  type GatewayClassSpec,
  gatewayClassSchema,
  type HttpRouteSpec,
  httpRouteSchema,
  type KubernetesGatewaySpec,
  kubernetesGatewaySchema,
  type ReferenceGrantSpec,
  referenceGrantSchema,
} from './gateway-api.ts';

/** The spec's type by kind, of the Gateway API's kinds. Its Gateway goes by Istio's name for it, so that it is not taken for Istio's. */
export interface GatewayApiSpecs {
  readonly KubernetesGateway: KubernetesGatewaySpec;
  readonly HTTPRoute: HttpRouteSpec;
  readonly ReferenceGrant: ReferenceGrantSpec;
  readonly GatewayClass: GatewayClassSpec;
}

export const GATEWAY_API_GROUP = 'gateway.networking.k8s.io';
const GATEWAY_API = [`${GATEWAY_API_GROUP}/v1`, `${GATEWAY_API_GROUP}/v1beta1`];

/** The Gateway API's kinds that are understood. */
export const GATEWAY_API_KINDS: Readonly<Record<keyof GatewayApiSpecs, KindDefinition>> = {
  KubernetesGateway: { apiVersions: GATEWAY_API, schema: kubernetesGatewaySchema, writtenAs: 'Gateway' },
  HTTPRoute: { apiVersions: GATEWAY_API, schema: httpRouteSchema },
  ReferenceGrant: { apiVersions: [...GATEWAY_API, `${GATEWAY_API_GROUP}/v1alpha2`], schema: referenceGrantSchema },
  GatewayClass: { apiVersions: GATEWAY_API, schema: gatewayClassSchema, clusterScoped: true },
};

/** The Gateway API's kinds that are refused, and what to do without them. */
export const REFUSED_GATEWAY_API_KINDS: Readonly<Record<string, Refusal>> = {
  GRPCRoute: {
    because: 'gRPC is routed as the HTTP that it is',
    instead: 'write an HTTPRoute that matches the path /package.Service/Method',
  },
  TLSRoute: { because: 'what is encrypted end to end cannot be routed by a process', instead: 'route HTTP' },
  TCPRoute: { because: 'raw TCP does not go through the mesh', instead: 'route HTTP' },
  UDPRoute: { because: 'UDP does not go through the mesh', instead: 'route HTTP' },
  BackendTLSPolicy: {
    because: 'how a backend is called is for DestinationRules to say',
    instead: 'write a DestinationRule with tls for the backend',
  },
  ListenerSet: { because: 'a Gateway has its listeners itself', instead: 'write the listeners into the Gateway' },
};

/** Whether an `apiVersion` is of the Gateway API. */
export function isGatewayApi(apiVersion: string): boolean {
  return /^gateway\.networking\.(?:x-)?k8s\.io\//.test(apiVersion);
}
