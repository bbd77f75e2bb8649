import { GATEWAY_API_GROUP, resourcesOfKind, type Revision } from '@lateen/resources';

/** What a route names: a Service where nothing else is written. */
export interface Backend {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
  readonly port?: number;
}

/** Whether HTTPRoutes (or another kind) of `namespace` may name `backend`: in their own namespace always, elsewhere with leave. */
export function mayReference(
  revision: Revision,
  namespace: string,
  backend: Backend,
  fromKind: 'HTTPRoute' | 'Gateway' = 'HTTPRoute',
): boolean {
  const { group = '', kind = 'Service', namespace: target = namespace, name } = backend;
  if (target === namespace) return true;
  return resourcesOfKind(revision, 'ReferenceGrant').some(
    ({ metadata, spec }) =>
      metadata.namespace === target &&
      spec.from.some((from) => from.group === GATEWAY_API_GROUP && from.kind === fromKind && from.namespace === namespace) &&
      spec.to.some(
        (to) => to.group === group && to.kind === kind && (to.name === undefined || to.name === '' || to.name === name),
      ),
  );
}
