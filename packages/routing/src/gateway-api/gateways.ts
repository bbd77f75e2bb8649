import {
  type GatewaySpec,
  type KubernetesGatewaySpec,
  lineOf,
  type Resource,
  resourcesOfKind,
  type Revision,
} from '@lateen/resources';
import { mayReference } from './reference-grants.ts';

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

interface Translation {
  /** Leave to name Secrets of other namespaces. */
  readonly grants: readonly Resource[];
  readonly gateways: readonly IstioGateway[];
}

const translations = new WeakMap<KubernetesGateway, Translation>();

/** Istio's Gateways, and every listener of the Gateway API's in their form. The same resources give the same objects. */
export function gatewaysOf(revision: Revision): readonly IstioGateway[] {
  const grants = resourcesOfKind(revision, 'ReferenceGrant');
  const translated = resourcesOfKind(revision, 'KubernetesGateway').flatMap((gateway) => {
    const known = translations.get(gateway);
    if (known?.grants.length === grants.length && known.grants.every((grant, index) => grant === grants[index]))
      return known.gateways;
    const gateways = translate(gateway, revision);
    translations.set(gateway, { grants, gateways });
    return gateways;
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
            port: { number: spec.port, name: spec.name, protocol: spec.protocol },
            hosts: [`*/${spec.hostname ?? '*'}`],
            ...(spec.tls ? { tls: { mode: 'SIMPLE', credentialNames: credentials(spec.tls, gateway, revision) } } : {}),
          },
        ],
      },
      origin: { ...gateway.origin, line },
      lines: {},
    };
  });
}

/** Istio's way to name a Secret wherever it is; a name that none can have where there is no leave to. */
function credentials(
  { certificateRefs = [] }: NonNullable<Listener['spec']['tls']>,
  { metadata }: KubernetesGateway,
  revision: Revision,
): string[] {
  return certificateRefs.map((reference) => {
    const secret = { kind: 'Secret', ...reference };
    if (!mayReference(revision, metadata.namespace, secret, 'Gateway')) return 'no-reference-grant.invalid';
    return `kubernetes-gateway://${reference.namespace ?? metadata.namespace}/${reference.name}`;
  });
}
