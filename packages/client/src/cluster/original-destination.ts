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

function hostOf(authority: string): string {
  const url = new URL(`http://${authority}`);
  return url.hostname.replace(/^\[|\]$/g, '');
}
