import type { RetriesSpec, TrafficPolicySpec } from './spec-types.ts';

/** Istio's `MeshConfig` as far as it decides about calls; what is absent has Istio's default. */
export interface MeshConfig {
  /** What becomes of hosts nobody configured. */
  readonly outboundTrafficPolicy?: { readonly mode?: 'ALLOW_ANY' | 'REGISTRY_ONLY' };
  /** How paths are made plain before anything looks at them. Default `BASE`. */
  readonly pathNormalization?: {
    readonly normalization?: 'DEFAULT' | 'NONE' | 'BASE' | 'MERGE_SLASHES' | 'DECODE_AND_MERGE_SLASHES';
  };
  /** For routes without `retries`. */
  readonly defaultHttpRetryPolicy?: RetriesSpec;
  /** For clusters whose rules say nothing of localities. */
  readonly localityLbSetting?: NonNullable<NonNullable<TrafficPolicySpec['loadBalancer']>['localityLbSetting']>;
  /** Default 10 s. */
  readonly connectTimeout?: string;
  /** Whose DestinationRules and policies hold for all. Default `istio-system`. */
  readonly rootNamespace?: string;
  readonly defaultServiceExportTo?: readonly string[];
  readonly defaultVirtualServiceExportTo?: readonly string[];
  readonly defaultDestinationRuleExportTo?: readonly string[];
  /** Whether copies for mirrors are told apart by `-shadow` in their host, as by Istio before 1.28 (istiod's DISABLE_SHADOW_HOST_SUFFIX=false). Default false. */
  readonly shadowHostSuffix?: boolean;
  /** Istio's `ProxyConfig`, as far as something in process corresponds to it. */
  readonly defaultConfig?: ProxyConfig;
  /** `/dev/stdout` switches the access log on; where it is written is for the process to say. */
  readonly accessLogFile?: string;
  /** Default `TEXT`. */
  readonly accessLogEncoding?: 'TEXT' | 'JSON';
  /** Providers that Telemetry resources name, besides the built-in `prometheus` and `envoy`. */
  readonly extensionProviders?: readonly ExtensionProvider[];
  /** One that is named here is on without any Telemetry. */
  readonly defaultProviders?: { readonly accessLogging?: readonly string[] };
}

/** A provider of telemetry. Those of other kinds than these are not of this process. */
export interface ExtensionProvider {
  readonly name: string;
  /** The process's own metrics. */
  readonly prometheus?: object;
  /** The process's own access log. */
  readonly envoyFileAccessLog?: object;
}

/** The part of Istio's `ProxyConfig` that is about headers. */
export interface ProxyConfig {
  readonly gatewayTopology?: {
    /** How many proxies before the gateway write `x-forwarded-for` truthfully. Default 0. */
    readonly numTrustedProxies?: number;
  };
  readonly proxyHeaders?: ProxyHeaders;
}

/** Which headers are added, each with Istio's default when absent. */
export interface ProxyHeaders {
  readonly server?: { readonly disabled?: boolean; readonly value?: string };
  readonly requestId?: { readonly disabled?: boolean };
  readonly attemptCount?: { readonly disabled?: boolean };
  readonly envoyDebugHeaders?: { readonly disabled?: boolean };
}

/** The namespace whose resources hold for all. */
export function rootNamespaceOf(config: MeshConfig | undefined): string {
  return config?.rootNamespace || 'istio-system';
}
