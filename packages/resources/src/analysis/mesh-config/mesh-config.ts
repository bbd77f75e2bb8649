/** What holds for the whole mesh, as far as analysis asks: Istio's MeshConfig. */
export interface MeshConfig {
  /** Where mesh-wide resources stand. */
  readonly rootNamespace: string;
  readonly trustDomain: string;
  readonly outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  /** Name → the kind of provider: `envoyExtAuthzHttp`, `zipkin`. */
  readonly extensionProviders: ReadonlyMap<string, string>;
  readonly defaultProviders: {
    readonly accessLogging: readonly string[];
    readonly metrics: readonly string[];
    readonly tracing: readonly string[];
  };
  /** Whether TCP ServiceEntries get addresses by themselves. */
  readonly allocatesAddresses: boolean;
  readonly hasIngressController: boolean;
  readonly ingressService: string;
  /** `DECODE_AND_MERGE_SLASHES`. */
  readonly pathNormalization: string;
}

/** What Istio installs where nobody says otherwise. */
export const DEFAULT_MESH_CONFIG: MeshConfig = {
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  outboundTrafficPolicy: 'ALLOW_ANY',
  extensionProviders: new Map([
    ['prometheus', 'prometheus'],
    ['stackdriver', 'stackdriver'],
    ['envoy', 'envoyFileAccessLog'],
  ]),
  defaultProviders: { accessLogging: [], metrics: [], tracing: [] },
  allocatesAddresses: false,
  hasIngressController: true,
  ingressService: 'istio-ingressgateway',
  pathNormalization: 'DEFAULT',
};
