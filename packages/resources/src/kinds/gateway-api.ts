import type { Static } from 'typebox';
import { oneOf, port, refused } from '../schema/fields.ts';
import { array, integer, object, optional, schemaOf, string } from '../schema/json-schema.ts';
import { gatewayApiFilter } from './gateway-api-filters.ts';
import { backendReference, headerMatch, namespacedReference } from './gateway-api-references.ts';

/*
 * The Gateway API's kinds, `gateway.networking.k8s.io`: what Istio makes of them is made of them here.
 */

const anything = () => schemaOf<unknown>({});

const listener = () =>
  object({
    name: string({ minLength: 1 }),
    hostname: optional(string({ format: 'gateway-api-hostname' })),
    port: port(),
    protocol: oneOf(['HTTP', 'HTTPS'], {
      TLS: 'route HTTP; TLS passthrough is not available',
      TCP: 'route HTTP; raw TCP is not available',
      UDP: 'route HTTP; UDP is not available',
    }),
    tls: optional(listenerTls()),
    allowedRoutes: optional(
      object({
        namespaces: optional(
          object({ from: optional(oneOf(['All', 'Selector', 'Same', 'None'])), selector: optional(labelSelector()) }),
        ),
        kinds: optional(array(object({ group: optional(string()), kind: string({ minLength: 1 }) }))),
      }),
    ),
  });

/** Certificates are in Secrets. */
const listenerTls = () =>
  object({
    mode: optional(oneOf(['Terminate'], { Passthrough: 'write Terminate; TLS passthrough is not available' })),
    certificateRefs: optional(array(object(namespacedReference()))),
    options: refused(anything(), 'other controllers read them', 'leave it out'),
    frontendValidation: refused(
      anything(),
      'callers’ certificates are for an Istio Gateway to ask for',
      'write a Gateway of networking.istio.io with tls.mode MUTUAL',
    ),
  });

const labelSelector = () =>
  object({
    matchLabels: optional(schemaOf<Record<string, string>>({ type: 'object', additionalProperties: { type: 'string' } })),
    matchExpressions: optional(
      array(
        object({
          key: string({ minLength: 1 }),
          operator: oneOf(['In', 'NotIn', 'Exists', 'DoesNotExist']),
          values: optional(array(string())),
        }),
      ),
    ),
  });

/** Ports and hosts through which requests come in from outside. */
export const kubernetesGatewaySchema = object({
  gatewayClassName: string({ minLength: 1 }),
  listeners: array(listener(), { minItems: 1 }),
  addresses: refused(anything(), 'a gateway binds the address that it is started with', 'start the gateway with --host'),
  infrastructure: refused(anything(), 'nobody starts gateways for you', 'start lateen-gateway'),
  backendTLS: refused(
    anything(),
    'how a backend is called is for DestinationRules to say',
    'write a DestinationRule with tls for the backend',
  ),
  allowedListeners: refused(anything(), 'there are no ListenerSets', 'write the listeners here'),
  tls: refused(anything(), 'certificates are the listeners’', 'write tls for each listener'),
});
export type KubernetesGatewaySpec = Static<typeof kubernetesGatewaySchema>;

const pathMatch = () =>
  object({ type: optional(oneOf(['Exact', 'PathPrefix', 'RegularExpression'])), value: optional(string({ minLength: 1 })) });

const routeMatch = () =>
  object({
    path: optional(pathMatch()),
    headers: optional(array(headerMatch())),
    queryParams: optional(array(headerMatch())),
    method: optional(oneOf(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'])),
  });

const gatewayDuration = () => string({ format: 'gateway-api-duration' });

const routeRule = () =>
  object({
    name: optional(string({ format: 'dns-label' })),
    matches: optional(array(routeMatch())),
    filters: optional(array(gatewayApiFilter())),
    backendRefs: optional(
      array(
        object({
          ...backendReference(),
          weight: optional(integer(0, 1_000_000)),
          filters: optional(array(gatewayApiFilter())),
        }),
      ),
    ),
    timeouts: optional(object({ request: optional(gatewayDuration()), backendRequest: optional(gatewayDuration()) })),
    retry: optional(
      object({
        codes: optional(array(integer(400, 599))),
        attempts: optional(integer(0, 2_147_483_647)),
        backoff: optional(gatewayDuration()),
      }),
    ),
    sessionPersistence: refused(
      anything(),
      'how endpoints are picked is for DestinationRules to say',
      'write a DestinationRule with loadBalancer.consistentHash for the backend',
    ),
  });

/** What requests to some hosts, or to a Service, are done with. */
export const httpRouteSchema = object({
  parentRefs: optional(
    array(
      object({
        ...namespacedReference(),
        sectionName: optional(string({ minLength: 1 })),
        port: optional(port()),
      }),
    ),
  ),
  hostnames: optional(array(string({ format: 'gateway-api-hostname' }))),
  rules: optional(array(routeRule(), { minItems: 1 })),
  useDefaultGateways: refused(anything(), 'no Gateway is the default one', 'name the Gateway in parentRefs'),
});
export type HttpRouteSpec = Static<typeof httpRouteSchema>;

/** Leave for routes of other namespaces to name what is in this one. */
export const referenceGrantSchema = object({
  from: array(object({ group: string(), kind: string({ minLength: 1 }), namespace: string({ format: 'dns-label' }) }), {
    minItems: 1,
  }),
  to: array(object({ group: string(), kind: string({ minLength: 1 }), name: optional(string({ minLength: 1 })) }), {
    minItems: 1,
  }),
});
export type ReferenceGrantSpec = Static<typeof referenceGrantSchema>;

/** A kind of gateways; whatever its controller, ours serves it. */
export const gatewayClassSchema = object({
  controllerName: string({ minLength: 1 }),
  description: optional(string()),
  parametersRef: refused(anything(), 'the gateway takes its settings from its own options', 'leave it out'),
});
export type GatewayClassSpec = Static<typeof gatewayClassSchema>;
