import type { Logger, LogLevel } from '@lateen/core';
import type { Registry } from '@lateen/discovery';
import type { MeshConfig } from '@lateen/routing';
import type { AccessLogEntry } from '@lateen/telemetry';

export type DiscoverySource = 'lateend' | 'consul' | 'dns' | 'static' | Registry;

export type IdentityOption =
  /** Join lateend with the token in this file. */
  | { readonly tokenFile: string }
  /** PEM files, watched: certificate chain, PKCS#8 key, authorities. */
  | { readonly cert: string; readonly key: string; readonly bundle: string }
  /** Plaintext even where lateend could give a certificate. */
  | false;

/** Everything `createMesh` takes; each has an environment variable (`docs/configuration.md`), and the option wins. */
export interface MeshOptions {
  /** The logical service, label `app`. Default: `name` of the nearest package.json. */
  readonly service?: string;
  /** Default `default`. */
  readonly namespace?: string;
  /** Label `version`. */
  readonly version?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Where this process runs, `region/zone/subzone`: nearer endpoints come first where rules say so. */
  readonly locality?: string;
  /** Last part of the SPIFFE ID. Default: the service. */
  readonly serviceAccount?: string;
  /** A directory or file of Istio YAML, parsed resources, or `'lateend'`. */
  readonly config?: string | readonly object[];
  /** lateend's URL; then configuration, discovery and identity come from there unless said otherwise. */
  readonly control?: string;
  /** lateend's URL where it gives certificates alone: configuration and discovery come from elsewhere. */
  readonly ca?: string;
  readonly discovery?: DiscoverySource | readonly DiscoverySource[];
  readonly consul?: { readonly url?: string; readonly token?: string; readonly prefix?: string };
  readonly identity?: IdentityOption;
  /** Where no PeerAuthentication decides. Default `STRICT` with an identity, else `DISABLE`. */
  readonly mtls?: 'STRICT' | 'PERMISSIVE' | 'DISABLE';
  /** What absent blocks of Istio's resources mean. Default `lateen`. */
  readonly defaults?: 'lateen' | 'istio';
  /** How a call fails that got no answer. Default `natural`. */
  readonly errors?: 'natural' | 'respond';
  /** `http2` is refused until the engine exists. Default `auto`. */
  readonly protocol?: 'auto' | 'http1' | 'http2';
  /** Hosts nobody configured: sent where they say, or refused. Default `ALLOW_ANY`. */
  readonly outboundTrafficPolicy?: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  /** Istio's mesh-wide settings: the part of `meshConfig` that decides about calls. */
  readonly meshConfig?: MeshConfig;
  /** `host` or `host:port` that peers dial. Default: the bound address, else the first that is not internal. */
  readonly advertise?: string;
  /** Port, `host:port`, or false. Default 15020 on loopback, or the next free one. */
  readonly admin?: number | string | false;
  /** Folder (0700) for key, certificate, last good configuration and endpoints. */
  readonly state?: string;
  /** Default 30 000. */
  readonly drainTimeoutMs?: number;
  /** False: nothing of the mesh runs, every call and server is the plain one. */
  readonly enabled?: boolean;
  /** One line a request: `text` (Envoy's form), `json`, or `off` (default); or each entry handed to a function. */
  readonly accessLog?: 'text' | 'json' | 'off' | ((entry: AccessLogEntry) => void);
  readonly logger?: Logger | LogLevel;
}
