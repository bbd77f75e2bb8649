import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { consoleLogger, LateenError, type Logger, type LogLevel } from '@lateen/core';
import { optionsFromEnvironment } from './environment.ts';
import { meshConfigWarnings } from './mesh-config-warnings.ts';
import type { MeshConfig } from '@lateen/routing';
import type { DiscoverySource, IdentityOption, MeshOptions } from './options.ts';

/** The options with every default decided: what the rest of the facade reads. */
export interface MeshSettings {
  readonly service: string;
  readonly namespace: string;
  readonly version: string;
  /** `app` and `version` included. */
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  /** Empty when unknown. */
  readonly locality: string;
  /** `reviews-v2` */
  readonly workload: string;
  /** `reviews-v2-3f9a01` */
  readonly instance: string;
  readonly config: MeshOptions['config'];
  /** The lateend to connect to: `control`, or `ca` where it gives certificates alone. */
  readonly control: string | undefined;
  readonly discovery: readonly DiscoverySource[];
  readonly consul: { readonly url: string; readonly token: string | undefined; readonly prefix: string | undefined };
  readonly identity: IdentityOption | undefined;
  readonly mtls: 'STRICT' | 'PERMISSIVE' | 'DISABLE';
  readonly defaults: 'lateen' | 'istio';
  readonly errors: 'natural' | 'respond';
  readonly protocol: 'auto' | 'http1';
  readonly outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  readonly meshConfig: MeshConfig;
  readonly advertise: string | undefined;
  readonly admin: { readonly host: string; readonly port: number; readonly exact: boolean } | undefined;
  readonly state: string | undefined;
  readonly drainTimeoutMs: number;
  readonly enabled: boolean;
  /** None of config, control, discovery, identity is set: calls and servers pass through. */
  readonly passThrough: boolean;
  readonly accessLog: NonNullable<MeshOptions['accessLog']>;
  readonly logger: Logger;
}

export const DEFAULT_ADMIN_PORT = 15020;
const DEFAULT_CONSUL_URL = 'http://127.0.0.1:8500';

/**
 * Options over environment over defaults.
 *
 * @throws {LateenError} `LATEEN_BAD_OPTION` for a value that cannot be, or a combination that contradicts itself.
 */
export function decideSettings(given: MeshOptions, environment: NodeJS.ProcessEnv): MeshSettings {
  const fromEnvironment = optionsFromEnvironment(environment);
  const options: MeshOptions = { ...fromEnvironment.options, ...definedOnly(given) };
  const service = options.service ?? packageName(process.cwd());
  const logger = loggerOf(options.logger, service, options.version);
  for (const warning of [...fromEnvironment.warnings, ...meshConfigWarnings(options.meshConfig ?? {})]) logger.warn(warning);
  refuseContradictions(options);
  const version = options.version ?? '';
  const workload = environment['LATEEN_WORKLOAD'] ?? (version ? `${service}-${version}` : service);
  const lateend = options.control ?? options.ca;
  const hasIdentity = options.identity !== false && (options.identity !== undefined || lateend !== undefined);
  return {
    service,
    namespace: options.namespace ?? 'default',
    version,
    labels: { app: service, ...(version ? { version } : {}), ...options.labels },
    serviceAccount: options.serviceAccount ?? service,
    locality: options.locality ?? '',
    workload,
    instance: environment['LATEEN_INSTANCE'] ?? `${workload}-${randomBytes(3).toString('hex')}`,
    config: options.config ?? (options.control ? 'lateend' : undefined),
    control: lateend,
    discovery: discoveryOf(options),
    consul: { url: options.consul?.url ?? DEFAULT_CONSUL_URL, token: options.consul?.token, prefix: options.consul?.prefix },
    identity: options.identity,
    mtls: options.mtls ?? (hasIdentity ? 'STRICT' : 'DISABLE'),
    defaults: options.defaults ?? 'lateen',
    errors: options.errors ?? 'natural',
    protocol: options.protocol === 'http1' ? 'http1' : 'auto',
    outboundTrafficPolicy: options.outboundTrafficPolicy ?? options.meshConfig?.outboundTrafficPolicy?.mode ?? 'ALLOW_ANY',
    meshConfig: options.meshConfig ?? {},
    advertise: options.advertise,
    admin: adminAddress(options.admin),
    state: options.state,
    drainTimeoutMs: options.drainTimeoutMs ?? 30_000,
    enabled: options.enabled ?? true,
    passThrough: [options.config, lateend, options.discovery, options.identity || undefined].every((part) => part === undefined),
    accessLog: options.accessLog ?? meshAccessLog(options.meshConfig ?? {}),
    logger,
  };
}

function definedOnly(options: MeshOptions): MeshOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function refuseContradictions(options: MeshOptions): void {
  if (options.protocol === 'http2') {
    throw bad('protocol: http2 is not available yet', 'leave it at auto, which speaks HTTP/1.1 over mTLS today');
  }
  const needsControl = options.config === 'lateend' || sourcesOf(options.discovery).includes('lateend');
  if ((needsControl || (usesToken(options.identity) && !options.ca)) && !options.control) {
    throw bad(
      'config, discovery or a join token points at lateend, and control is not set',
      'set control (LATEEN_CONTROL) to its URL, https://127.0.0.1:15012 by default',
    );
  }
  if (options.config === 'consul')
    throw bad('config: consul is not available yet', 'keep the configuration with lateend or in a directory of YAML');
  if (options.identity === ('consul-connect' as never))
    throw bad('identity: consul-connect is not available yet', 'use lateend or certificate files');
  if (options.mtls && options.mtls !== 'DISABLE' && options.identity === false) {
    throw bad(`mtls: ${options.mtls} needs an identity, and identity is false`, 'drop one of the two');
  }
  const lateend = options.control ?? options.ca;
  if (lateend && !lateend.startsWith('https://')) {
    throw bad(`control: ${lateend} is no https URL`, 'lateend speaks TLS only; write https://host:15012');
  }
}

const usesToken = (identity: IdentityOption | undefined): boolean => typeof identity === 'object' && 'tokenFile' in identity;

function sourcesOf(discovery: MeshOptions['discovery']): readonly DiscoverySource[] {
  if (discovery === undefined) return [];
  return Array.isArray(discovery) ? discovery : [discovery as DiscoverySource];
}

/** ServiceEntries always count, so `static` is always among the sources. */
function discoveryOf(options: MeshOptions): readonly DiscoverySource[] {
  const chosen = options.discovery === undefined && options.control ? ['lateend' as const] : sourcesOf(options.discovery);
  return chosen.includes('static') ? chosen : ['static', ...chosen];
}

/** What Istio's mesh configuration says of the access log. */
function meshAccessLog({ accessLogFile, accessLogEncoding, defaultProviders }: MeshConfig): 'text' | 'json' | 'off' {
  if (!accessLogFile && !defaultProviders?.accessLogging?.length) return 'off';
  return accessLogEncoding === 'JSON' ? 'json' : 'text';
}

function adminAddress(admin: MeshOptions['admin']): MeshSettings['admin'] {
  if (admin === false) return undefined;
  if (admin === undefined) return { host: '127.0.0.1', port: DEFAULT_ADMIN_PORT, exact: false };
  const written = String(admin);
  const colon = written.lastIndexOf(':');
  const host = colon < 0 ? '127.0.0.1' : written.slice(0, colon).replace(/^\[|\]$/g, '');
  const port = Number(written.slice(colon + 1));
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw bad(`admin: ${written} is no port`, 'write 15020, 127.0.0.1:15020 or false');
  return { host, port, exact: true };
}

function loggerOf(logger: Logger | LogLevel | undefined, service: string, version: string | undefined): Logger {
  if (typeof logger === 'object') return logger;
  return consoleLogger(logger ?? 'info', version ? `${service}-${version}` : service);
}

function packageName(directory: string): string {
  for (let folder = directory; ; folder = dirname(folder)) {
    const name = nameIn(join(folder, 'package.json'));
    if (name) return name.replace(/^@[^/]+\//, '');
    if (folder === dirname(folder)) break;
  }
  throw bad('the service has no name', 'pass service, or set LATEEN_SERVICE');
}

function nameIn(manifest: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name;
  } catch {
    return undefined; // no package.json here; the folder above may have one
  }
}

function bad(message: string, hint: string): LateenError {
  return new LateenError('LATEEN_BAD_OPTION', message, { hint });
}
