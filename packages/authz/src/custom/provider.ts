import { parseDurationMs } from '@lateen/core';

/** `envoyExtAuthzHttp` of an entry of `meshConfig.extensionProviders`, as written. */
export interface ExtAuthzHttpSettings {
  readonly service?: string;
  readonly port?: number;
  readonly timeout?: string;
  readonly pathPrefix?: string;
  readonly failOpen?: boolean;
  readonly clearRouteCache?: boolean;
  readonly statusOnError?: string;
  readonly includeRequestHeadersInCheck?: readonly string[];
  /** Deprecated name of the above. */
  readonly includeHeadersInCheck?: readonly string[];
  readonly includeAdditionalHeadersInCheck?: Readonly<Record<string, string>>;
  readonly includeRequestBodyInCheck?: {
    readonly maxRequestBytes?: number;
    readonly allowPartialMessage?: boolean;
    readonly packAsBytes?: boolean;
  };
  readonly headersToUpstreamOnAllow?: readonly string[];
  readonly headersToDownstreamOnAllow?: readonly string[];
  readonly headersToDownstreamOnDeny?: readonly string[];
}

/** As far as authorization reads it; other providers are none of its business. */
export interface ExtensionProviderSettings {
  readonly name: string;
  readonly envoyExtAuthzHttp?: ExtAuthzHttpSettings;
}

/** A service that CUSTOM policies ask. */
export interface ExtAuthzProvider {
  readonly name: string;
  /** Host name of the service, without namespace. */
  readonly host: string;
  readonly port: number;
  /** How long an answer may take. Default 600 000, as Istio's. */
  readonly timeoutMs: number;
  /** Put before the path. */
  readonly pathPrefix: string;
  /** Whether a provider that fails lets requests pass. */
  readonly failOpen: boolean;
  /** Status where it fails and that refuses. Default 403. */
  readonly statusOnError: number;
  /** Whether the route is chosen again after it changed the headers. */
  readonly clearRouteCache: boolean;
  readonly settings: ExtAuthzHttpSettings;
}

const DEFAULT_TIMEOUT_MS = 600_000;
const DEFAULT_STATUS_ON_ERROR = 403;

/**
 * @param knowsService whether the mesh knows that host.
 * @returns a sentence where the provider can't be asked: requests are refused then, as Istio does.
 */
export function resolveProvider(
  name: string,
  providers: readonly ExtensionProviderSettings[],
  knowsService: (host: string) => boolean,
): ExtAuthzProvider | string {
  const provider = providers.find((known) => known.name === name);
  if (!provider) return `no provider ${name} in extensionProviders of the mesh configuration`;
  const settings = provider.envoyExtAuthzHttp;
  if (!settings) return `provider ${name} has no envoyExtAuthzHttp, and only that kind can be asked in process`;
  const host = settings.service?.split('/').at(-1) ?? '';
  const { port = 0, pathPrefix = '' } = settings;
  if (!host || !knowsService(host)) return `provider ${name}: no service ${host || '(none written)'}`;
  if (port < 1 || port > 65_535) return `provider ${name}: port ${port} is not between 1 and 65535`;
  if (pathPrefix !== '' && !pathPrefix.startsWith('/')) return `provider ${name}: pathPrefix must begin with /`;
  const statusOnError = settings.statusOnError ? Number(settings.statusOnError) : DEFAULT_STATUS_ON_ERROR;
  if (!Number.isInteger(statusOnError) || statusOnError < 100 || statusOnError > 599)
    return `provider ${name}: statusOnError ${settings.statusOnError} is no HTTP status`;
  const timeoutMs = (settings.timeout && parseDurationMs(settings.timeout)) || DEFAULT_TIMEOUT_MS;
  const { failOpen = false, clearRouteCache = false } = settings;
  return { name, host, port, timeoutMs, pathPrefix, failOpen, statusOnError, clearRouteCache, settings };
}
