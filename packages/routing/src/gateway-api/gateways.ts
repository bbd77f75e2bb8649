import {
  type GatewaySpec,
  type KubernetesGatewaySpec,
  lineOf,
  type Resource,
  resourcesOfKind,
  type Revision,
} from '@lateen/resources';

type KubernetesGateway = Resource<'KubernetesGateway', KubernetesGatewaySpec>;
type IstioGateway = Resource<'Gateway', GatewaySpec>;

/** Gateways of the Gateway API name no workload: they are served by the ingress gateway, as with Istio's class `istio`. */
const INGRESS_GATEWAY = { istio: 'ingressgateway' };

/** One listener of a Gateway API Gateway. */
export interface Listener {
  readonly gateway: KubernetesGateway;
  readonly spec: KubernetesGatewaySpec['listeners'][number];
  readonly index: number;
  /** Its name among Istio's Gateways, with the namespace: `default/edge~http`. No resource can have it. */
  readonly id: string;
}

/** The listeners of all Gateway API Gateways. */
export function listenersOf(revision: Revision): readonly Listener[] {
  return resourcesOfKind(revision, 'KubernetesGateway').flatMap((gateway) =>
    gateway.spec.listeners.map((spec, index) => ({
      gateway,
      spec,
      index,
      id: `${gateway.metadata.namespace}/${gateway.metadata.name}~${spec.name}`,
    })),
  );
}

const translations = new WeakMap<KubernetesGateway, readonly IstioGateway[]>();

/** Istio's Gateways, and every listener of the Gateway API's in their form. The same resource gives the same objects. */
export function gatewaysOf(revision: Revision): readonly IstioGateway[] {
  const translated = resourcesOfKind(revision, 'KubernetesGateway').flatMap((gateway) => {
    const known = translations.get(gateway) ?? translate(gateway, revision);
    translations.set(gateway, known);
    return known;
  });
  return [...resourcesOfKind(revision, 'Gateway'), ...translated];
}

function translate(gateway: KubernetesGateway, revision: Revision): readonly IstioGateway[] {
  return listenersOf({ ...revision, resources: [gateway] }).map(({ spec, index, id }) => {
    const line = lineOf(gateway, `/spec/listeners/${index}`);
    return {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { ...gateway.metadata, name: id.slice(id.indexOf('/') + 1) },
      spec: {
        selector: INGRESS_GATEWAY,
        servers: [
          {
            port: { number: spec.port, name: spec.name, protocol: 'HTTP' },
            hosts: [`*/${spec.hostname ?? '*'}`],
          },
        ],
      },
      origin: { ...gateway.origin, line },
      lines: {},
    };
  });
}
