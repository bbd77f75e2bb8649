import { UsageError } from './io.ts';

/** By the group that they are told with. A Gateway may be Istio's or the Gateway API's. */
const GROUPS = {
  'networking.istio.io': [
    'VirtualService',
    'DestinationRule',
    'ServiceEntry',
    'WorkloadEntry',
    'WorkloadGroup',
    'Gateway',
    'Sidecar',
    'ProxyConfig',
  ],
  'security.istio.io': ['PeerAuthentication', 'RequestAuthentication', 'AuthorizationPolicy'],
  'telemetry.istio.io': ['Telemetry'],
  'gateway.networking.k8s.io': ['HTTPRoute', 'ReferenceGrant', 'GatewayClass'],
  '': ['Service', 'Pod', 'Namespace', 'Node', 'ServiceAccount', 'Secret', 'ConfigMap', 'Endpoints'],
  apps: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
  'discovery.k8s.io': ['EndpointSlice'],
} as const;

const KINDS = Object.values(GROUPS).flat();
const SHORT: Readonly<Record<string, (typeof KINDS)[number]>> = {
  svc: 'Service',
  ns: 'Namespace',
  sa: 'ServiceAccount',
  deploy: 'Deployment',
  vs: 'VirtualService',
  dr: 'DestinationRule',
  se: 'ServiceEntry',
  we: 'WorkloadEntry',
  gw: 'Gateway',
  pa: 'PeerAuthentication',
};

/** `vs`, `virtualservice`, `VirtualServices` → `VirtualService`. */
export function kindNamed(word: string): string {
  const lower = word.toLowerCase();
  const kind =
    (Object.hasOwn(SHORT, lower) ? SHORT[lower] : undefined) ??
    KINDS.find((known) => known.toLowerCase() === lower || pluralOf(known) === lower);
  if (!kind) throw new UsageError(`${word} is no kind that Lateen has; write one of ${KINDS.join(', ')}`);
  return kind;
}

/** `VirtualService` → `virtualservice.networking.istio.io`, as kubectl names a kind when it reports. */
export function qualifiedKind(kind: string): string {
  const group = Object.entries(GROUPS).find(([, kinds]) => (kinds as readonly string[]).includes(kind))?.[0] ?? '';
  return group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
}

function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower.endsWith('s')) return lower === 'endpoints' ? lower : `${lower}es`;
  return lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}
