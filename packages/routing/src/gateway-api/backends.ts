import type { Revision } from '@lateen/resources';
import type { DestinationSpec } from '../spec-types.ts';
import { type Backend, mayReference } from './reference-grants.ts';

/** Hosts that do not exist (RFC 6761): what is sent there is answered 500, as the Gateway API asks for a backend that is not valid. */
const NOT_GRANTED = 'no-reference-grant.invalid';
const UNKNOWN_KIND = 'unknown-kind-of-backend.invalid';

/** Istio's own kind of backend: any host that the mesh knows. */
const ISTIO_GROUP = 'networking.istio.io';

/** Where a backend is; a host that cannot be where the route may not name it, or its kind is none of ours. */
export function destinationOf(revision: Revision, namespace: string, backend: Backend): DestinationSpec {
  return {
    host: hostOf(revision, namespace, backend),
    ...(backend.port === undefined ? {} : { port: { number: backend.port } }),
  };
}

function hostOf(revision: Revision, namespace: string, backend: Backend): string {
  const { group = '', kind = 'Service', namespace: target = namespace, name } = backend;
  if (group === ISTIO_GROUP && kind === 'Hostname') return name.toLowerCase();
  if (group !== '' || kind !== 'Service') return UNKNOWN_KIND;
  return mayReference(revision, namespace, backend) ? serviceHost(name, target) : NOT_GRANTED;
}

/** `reviews` in `default` → `reviews.default.svc.cluster.local` */
export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.svc.cluster.local`;
}
