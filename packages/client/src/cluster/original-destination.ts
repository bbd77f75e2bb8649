import { isIP } from 'node:net';
import type { Endpoint } from '@lateen/core';
import type { RouteRequest } from '@lateen/routing';

/** The endpoint that a request names itself: its own host, as is. `hostname` is there on every request that is being sent. */
export function originalDestination(request: RouteRequest & { readonly hostname?: string }): Endpoint {
  const address = request.hostname ?? hostOf(request.authority);
  return {
    key: `${request.scheme}://${address}:${request.port}`,
    address,
    port: request.port,
    labels: {},
    weight: 1,
    locality: '',
    tls: 'none',
    protocols: ['http/1.1'],
    workload: '',
    namespace: '',
    serviceAccount: '',
  };
}

/**
 * Whether a request says itself, with an address, where it goes. A name does not: what it stands for is the service, any of whose endpoints will do, as behind a
 * service's one address.
 */
export function namesAddress(request: RouteRequest & { readonly hostname?: string }): boolean {
  return isIP(request.hostname ?? hostOf(request.authority)) !== 0;
}

function hostOf(authority: string): string {
  const url = new URL(`http://${authority}`);
  return url.hostname.replace(/^\[|\]$/g, '');
}
