import type { DraftResource } from '../analysis-context.ts';
import { hostsOverlap } from './hosts.ts';

export type AnyGateway =
  | { readonly istio: DraftResource<'Gateway'> }
  | { readonly kubernetes: DraftResource<'KubernetesGateway'> };

/** Whether VirtualServices of `namespace` may serve `host` at the gateway. */
export function gatewayServes(gateway: AnyGateway, host: string, namespace: string): boolean {
  if ('kubernetes' in gateway) {
    const listeners = gateway.kubernetes.spec.listeners ?? [];
    return listeners.some(({ hostname }) => !hostname || hostsOverlap(hostname, host));
  }
  const own = gateway.istio.metadata.namespace;
  return (gateway.istio.spec.servers ?? []).some(({ hosts = [] }) =>
    hosts.some((written) => {
      const served = scopedHost(written ?? '', own);
      return (served.namespace === '*' || served.namespace === namespace) && hostsOverlap(served.host, host);
    }),
  );
}

/** `./shop.example.com` → the gateway's namespace and the host; a bare host is for all namespaces. */
export function scopedHost(written: string, gatewayNamespace: string): { readonly namespace: string; readonly host: string } {
  const slash = written.indexOf('/');
  if (slash < 0) return { namespace: '*', host: written };
  const namespace = written.slice(0, slash);
  return { namespace: namespace === '.' ? gatewayNamespace : namespace, host: written.slice(slash + 1) };
}
