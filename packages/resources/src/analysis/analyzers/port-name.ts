import type { DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { valueFinding } from '../value-finding.ts';

type ServicePort = NonNullable<DraftResource<'Service'>['spec']['ports']>[number];

/** IST0118: the name of a Service's port does not say its protocol. IST0150: nor does that of an ExternalName Service. */
export const portName: Analyzer = {
  name: 'service.PortNameAnalyzer',
  description: 'Ports of Services are named after their protocol',
  analyze: ({ of }) =>
    of('Service')
      .filter((service) => !isIstiosOwn(service))
      .flatMap(unclearPorts),
};

function unclearPorts(service: DraftResource<'Service'>) {
  const isExternal = service.spec.type === 'ExternalName';
  return (service.spec.ports ?? []).flatMap((port, index) => {
    if (saysProtocol(port) && !(isExternal && port.name === 'tcp')) return [];
    const pointer = `/spec/ports/${index}/port`;
    if (isExternal) return [valueFinding('IST0150', service, pointer, EXTERNAL_NAME)];
    const { name = '', targetPort = 0 } = port;
    const message = `Port name ${name} (port: ${port.port}, targetPort: ${targetPort}) doesn't follow the naming convention of Istio port.`;
    return [valueFinding('IST0118', service, pointer, message)];
  });
}

const EXTERNAL_NAME =
  'Port name for ExternalName service is invalid. Proxy may prevent tcp named ports and unmatched traffic for ports serving TCP protocol ' +
  'from being forwarded correctly';

const PROTOCOLS = new Set([
  'tcp',
  'udp',
  'grpc',
  'grpc-web',
  'http',
  'http_proxy',
  'http2',
  'https',
  'tls',
  'mongo',
  'redis',
  'mysql',
]);
const KUBERNETES_PROTOCOLS = new Set(['kubernetes.io/h2c', 'kubernetes.io/ws', 'kubernetes.io/wss']);
/** SMTP, DNS, MySQL, MongoDB: TCP, whatever they are called. */
const TCP_PORTS = new Set([25, 53, 3306, 27_017]);

function saysProtocol({ port = 0, name = '', protocol, appProtocol }: ServicePort): boolean {
  if (protocol === 'UDP' || TCP_PORTS.has(port)) return true;
  if (appProtocol !== undefined && KUBERNETES_PROTOCOLS.has(appProtocol)) return true;
  const said = (appProtocol ?? name).toLowerCase();
  return said.startsWith('grpc-web') || PROTOCOLS.has(said.split('-')[0] ?? '');
}

/** Of the control plane, or made by it for a gateway. */
function isIstiosOwn({ metadata: { labels } }: DraftResource<'Service'>): boolean {
  return labels['istio'] !== undefined || labels['release'] === 'istio' || labels['gateway.istio.io/managed'] !== undefined;
}
