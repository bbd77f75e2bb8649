import type { PortProtocol } from './registry.ts';

/** Ending of a mesh service's fully qualified name. */
export const SERVICE_DOMAIN = 'svc.cluster.local';

/** `reviews` in `default` → `reviews.default.svc.cluster.local` */
export function serviceHost(service: string, namespace: string): string {
  return `${service}.${namespace}.${SERVICE_DOMAIN}`.toLowerCase();
}

/** The short name of a host for metrics: `reviews` for a mesh service, the whole host for anything else. */
export function shortName(host: string): string {
  if (!host.endsWith(`.${SERVICE_DOMAIN}`)) return host;
  return host.slice(0, host.indexOf('.'));
}

const PROTOCOLS: Readonly<Record<string, PortProtocol>> = {
  http: 'HTTP',
  http2: 'HTTP2',
  grpc: 'GRPC',
  https: 'HTTPS',
  tls: 'TLS',
  tcp: 'TCP',
};

/** Istio's rule: a port's name is `<protocol>[-<suffix>]`; HTTP unless it says otherwise. */
export function protocolOf(portName: string): PortProtocol {
  return PROTOCOLS[portName.split('-')[0]?.toLowerCase() ?? ''] ?? 'HTTP';
}

/** `spiffe://cluster.local/ns/default/sa/bookinfo-reviews` */
export function spiffeId(trustDomain: string, namespace: string, serviceAccount: string): string {
  return `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}
