import type { Resource } from '../../resource.ts';
import type { MeshConfig } from '../mesh-config/mesh-config.ts';

const PORTS = [
  { name: 'http2', port: 80, protocol: 'TCP', targetPort: 80 },
  { name: 'https', port: 443, protocol: 'TCP', targetPort: 443 },
  { name: 'tcp', port: 31_400, protocol: 'TCP', targetPort: 31_400 },
  { name: 'tls', port: 15_443, protocol: 'TCP', targetPort: 15_443 },
];

/** The ingress gateway that istioctl supposes in every mesh: `istio: ingressgateway` in the root namespace, and its Service. */
export function defaultIngress({ ingressService, hasIngressController }: MeshConfig): Resource[] {
  if (!hasIngressController) return [];
  const labels = { istio: 'ingressgateway' };
  return [
    supposed('Pod', `${ingressService}-dummypod`, labels, { containers: [{ name: 'istio-proxy' }] }),
    supposed('Service', ingressService, {}, { ports: PORTS, selector: labels }),
  ];
}

const NAMESPACE = 'istio-system';

function supposed(kind: string, name: string, labels: Readonly<Record<string, string>>, spec: object): Resource {
  return {
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace: NAMESPACE, labels, annotations: {} },
    spec,
    origin: { kind, namespace: NAMESPACE, name, file: '', line: 0 },
    lines: {},
  };
}
