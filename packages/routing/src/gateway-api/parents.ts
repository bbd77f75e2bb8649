import { type HttpRouteSpec, GATEWAY_API_GROUP, type Resource, resourcesOfKind, type Revision } from '@lateen/resources';
import { hostIntersection } from '../host-names.ts';
import { serviceHost } from './backends.ts';
import type { Listener } from './gateways.ts';
import { selectsLabels } from './label-selector.ts';

export type RouteResource = Resource<'HTTPRoute', HttpRouteSpec>;
type ParentReference = NonNullable<HttpRouteSpec['parentRefs']>[number];

/** A host that a route answers for at a listener. */
export interface GatewayParent {
  readonly listener: Listener;
  readonly host: string;
}

/** A host of the mesh that a route answers for; `port` undefined = all of its ports. */
export interface MeshParent {
  readonly host: string;
  readonly namespace: string;
  readonly port: number | undefined;
}

/** The listeners that take a route, each with every host both name. */
export function gatewayParents(route: RouteResource, listeners: readonly Listener[], revision: Revision): GatewayParent[] {
  const references = (route.spec.parentRefs ?? []).filter(isGateway);
  const named = listeners.filter((listener) => references.some((reference) => names(reference, listener, route)));
  return named
    .filter((listener) => admits(listener, route.metadata.namespace, revision))
    .flatMap((listener) => commonHosts(listener, route).map((host) => ({ listener, host })));
}

/** The Services, and hosts of Istio's ServiceEntries, whose callers a route speaks to. */
export function meshParents({ spec, metadata }: RouteResource, revision: Revision): MeshParent[] {
  return (spec.parentRefs ?? []).flatMap((reference) => {
    const { group = GATEWAY_API_GROUP, kind = 'Gateway', name, namespace = metadata.namespace, port } = reference;
    if (group === '' && kind === 'Service') return [{ host: serviceHost(name, namespace), namespace, port }];
    if (group !== 'networking.istio.io' || kind !== 'ServiceEntry') return [];
    const entry = resourcesOfKind(revision, 'ServiceEntry').find(
      (each) => each.metadata.name === name && each.metadata.namespace === namespace,
    );
    return (entry?.spec.hosts ?? []).map((host) => ({ host: host.toLowerCase(), namespace, port }));
  });
}

function isGateway({ group = GATEWAY_API_GROUP, kind = 'Gateway' }: ParentReference): boolean {
  return group === GATEWAY_API_GROUP && kind === 'Gateway';
}

function names(reference: ParentReference, { gateway, spec }: Listener, { metadata }: RouteResource): boolean {
  const { name, namespace = metadata.namespace, sectionName, port } = reference;
  return (
    name === gateway.metadata.name &&
    namespace === gateway.metadata.namespace &&
    (sectionName === undefined || sectionName === spec.name) &&
    (port === undefined || port === spec.port)
  );
}

/** Whether the listener takes HTTPRoutes of a namespace: of its own where nothing is written. */
function admits({ gateway, spec }: Listener, namespace: string, revision: Revision): boolean {
  const { namespaces, kinds } = spec.allowedRoutes ?? {};
  const group = (kind: { readonly group?: string }): string => kind.group ?? GATEWAY_API_GROUP;
  if (kinds?.length && !kinds.some((kind) => kind.kind === 'HTTPRoute' && group(kind) === GATEWAY_API_GROUP)) return false;
  switch (namespaces?.from ?? 'Same') {
    case 'All':
      return true;
    case 'Same':
      return namespace === gateway.metadata.namespace;
    case 'Selector':
      return selectsLabels(namespaces?.selector, labelsOfNamespace(namespace, revision));
    default:
      return false;
  }
}

/** With the label that Kubernetes gives every Namespace. */
function labelsOfNamespace(name: string, revision: Revision): Readonly<Record<string, string>> {
  const written = resourcesOfKind(revision, 'Namespace').find(({ metadata }) => metadata.name === name);
  return { ...written?.metadata.labels, 'kubernetes.io/metadata.name': name };
}

function commonHosts({ spec: { hostname = '*' } }: Listener, { spec: { hostnames } }: RouteResource): string[] {
  const wanted = hostnames?.length ? hostnames : ['*'];
  return wanted.flatMap((host) => hostIntersection(hostname, host) ?? []);
}
