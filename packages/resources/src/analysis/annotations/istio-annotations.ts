/** Which kinds an annotation of Istio's is for. */
export interface AnnotationDefinition {
  /** `Any` for all. */
  readonly kinds: readonly string[];
  readonly isDeprecated: boolean;
}

type Group = AnnotationDefinition & { readonly names: readonly string[] };

/** Names as istio/api has them in July 2026. */
const GROUPS: readonly Group[] = [
  {
    kinds: ['Pod'],
    isDeprecated: false,
    names: [
      'prometheus.istio.io/merge-metrics',
      'sidecar.istio.io/status',
      'sidecar.istio.io/rewriteAppHTTPProbers',
      'sidecar.istio.io/proxyImage',
      'sidecar.istio.io/proxyImageType',
      'sidecar.istio.io/proxyCPU',
      'sidecar.istio.io/proxyCPULimit',
      'sidecar.istio.io/proxyMemory',
      'sidecar.istio.io/proxyMemoryLimit',
      'sidecar.istio.io/interceptionMode',
      'sidecar.istio.io/bootstrapOverride',
      'sidecar.istio.io/statsHistogramBuckets',
      'sidecar.istio.io/statsFlushInterval',
      'sidecar.istio.io/statsEvictionInterval',
      'sidecar.istio.io/statsHistogramBins',
      'sidecar.istio.io/userVolume',
      'sidecar.istio.io/userVolumeMount',
      'status.sidecar.istio.io/port',
      'sidecar.istio.io/logLevel',
      'sidecar.istio.io/componentLogLevel',
      'sidecar.istio.io/agentLogLevel',
      'sidecar.istio.io/nativeSidecar',
      'readiness.status.sidecar.istio.io/initialDelaySeconds',
      'readiness.status.sidecar.istio.io/periodSeconds',
      'readiness.status.sidecar.istio.io/failureThreshold',
      'readiness.status.sidecar.istio.io/applicationPorts',
      'traffic.sidecar.istio.io/includeOutboundIPRanges',
      'traffic.sidecar.istio.io/excludeOutboundIPRanges',
      'traffic.sidecar.istio.io/includeInboundPorts',
      'traffic.sidecar.istio.io/excludeInboundPorts',
      'traffic.sidecar.istio.io/excludeInterfaces',
      'traffic.sidecar.istio.io/includeOutboundPorts',
      'traffic.sidecar.istio.io/excludeOutboundPorts',
      'proxy.istio.io/config',
      'istio.io/rev',
      'proxy.istio.io/overrides',
      'inject.istio.io/templates',
      'ambient.istio.io/redirection',
      'ambient.istio.io/bypass-inbound-capture',
      'istio.io/reroute-virtual-interfaces',
      'ambient.istio.io/dns-capture',
    ],
  },
  {
    kinds: ['Service'],
    isDeprecated: true,
    names: ['alpha.istio.io/kubernetes-serviceaccounts', 'alpha.istio.io/canonical-serviceaccounts'],
  },
  {
    kinds: ['Service'],
    isDeprecated: false,
    names: ['networking.istio.io/exportTo', 'traffic.istio.io/nodeSelector'],
  },
  {
    kinds: ['Pod'],
    isDeprecated: true,
    names: [
      'sidecar.istio.io/inject',
      'sidecar.istio.io/discoveryAddress',
      'sidecar.istio.io/statsInclusionPrefixes',
      'sidecar.istio.io/statsInclusionSuffixes',
      'sidecar.istio.io/statsInclusionRegexps',
      'traffic.sidecar.istio.io/kubevirtInterfaces',
      'sidecar.istio.io/extraStatTags',
      'sidecar.istio.io/statsCompression',
    ],
  },
  {
    kinds: ['Ingress'],
    isDeprecated: false,
    names: ['kubernetes.io/ingress.class'],
  },
  {
    kinds: ['Any'],
    isDeprecated: false,
    names: ['galley.istio.io/analyze-suppress', 'gateway.istio.io/controller-version'],
  },
  {
    kinds: ['AuthorizationPolicy'],
    isDeprecated: false,
    names: ['istio.io/dry-run'],
  },
  {
    kinds: ['WorkloadEntry'],
    isDeprecated: false,
    names: ['istio.io/autoRegistrationGroup', 'istio.io/workloadController', 'istio.io/connectedAt', 'istio.io/disconnectedAt'],
  },
  {
    kinds: ['Namespace'],
    isDeprecated: false,
    names: ['topology.istio.io/controlPlaneClusters'],
  },
  {
    kinds: ['GatewayClass', 'Gateway'],
    isDeprecated: false,
    names: ['ambient.istio.io/waypoint-inbound-binding'],
  },
  {
    kinds: ['Gateway'],
    isDeprecated: false,
    names: ['gateway.istio.io/service-account', 'gateway.istio.io/name-override', 'networking.istio.io/service-type'],
  },
  {
    kinds: ['Namespace', 'Service', 'ServiceEntry'],
    isDeprecated: false,
    names: ['networking.istio.io/traffic-distribution'],
  },
  {
    kinds: ['Service', 'ServiceEntry', 'Namespace'],
    isDeprecated: false,
    names: ['istio.io/use-waypoint-canary-weight'],
  },
];

export const ISTIO_ANNOTATIONS: ReadonlyMap<string, AnnotationDefinition> = new Map(
  GROUPS.flatMap(({ names, ...definition }) => names.map((name) => [name, definition] as const)),
);

/** Written by Istio itself: nobody's mistake. */
export const SET_BY_ISTIO: ReadonlySet<string> = new Set([
  'sidecar.istio.io/status',
  'gateway.istio.io/controller-version',
  'istio.io/rev',
]);
