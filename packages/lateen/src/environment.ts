import { LateenError, LOG_LEVELS } from '@lateen/core';
import type { MeshOptions } from './options.ts';

type Reader = (value: string, name: string) => Partial<MeshOptions>;
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const text =
  (option: keyof MeshOptions): Reader =>
  (value) => ({ [option]: value });

const oneOf =
  (option: keyof MeshOptions, allowed: readonly string[]): Reader =>
  (value, name) => {
    if (!allowed.includes(value)) throw badVariable(name, value, `one of ${allowed.join(', ')}`);
    return { [option]: value };
  };

/** Every `LATEEN_*` variable and what it sets. The first of two that set one option wins. */
export const ENVIRONMENT: Readonly<Record<string, Reader>> = {
  LATEEN_SERVICE: text('service'),
  OTEL_SERVICE_NAME: text('service'),
  LATEEN_NAMESPACE: text('namespace'),
  LATEEN_VERSION: text('version'),
  LATEEN_LABELS: (value, name) => ({ labels: parseLabels(value, name) }),
  LATEEN_SERVICE_ACCOUNT: text('serviceAccount'),
  LATEEN_LOCALITY: text('locality'),
  LATEEN_CONFIG: text('config'),
  LATEEN_CONTROL: text('control'),
  LATEEN_CA: text('ca'),
  LATEEN_DISCOVERY: (value, name) => ({ discovery: parseDiscovery(value, name) }),
  LATEEN_CONSUL_URL: text('consul'),
  LATEEN_CONSUL_TOKEN: text('consul'),
  LATEEN_CONSUL_PREFIX: text('consul'),
  LATEEN_TOKEN_FILE: (value) => ({ identity: { tokenFile: value } }),
  LATEEN_MTLS: oneOf('mtls', ['STRICT', 'PERMISSIVE', 'DISABLE']),
  LATEEN_DEFAULTS: oneOf('defaults', ['lateen', 'istio']),
  LATEEN_ERRORS: oneOf('errors', ['natural', 'respond']),
  LATEEN_PROTOCOL: oneOf('protocol', ['auto', 'http1', 'http2']),
  LATEEN_OUTBOUND_TRAFFIC_POLICY: oneOf('outboundTrafficPolicy', ['ALLOW_ANY', 'REGISTRY_ONLY']),
  LATEEN_ADVERTISE: text('advertise'),
  LATEEN_ADMIN: (value) => ({ admin: value === 'false' ? false : value }),
  LATEEN_STATE: text('state'),
  LATEEN_DRAIN_SECONDS: (value, name) => ({ drainTimeoutMs: parseSeconds(value, name) * 1_000 }),
  LATEEN_ENABLED: (value, name) => ({ enabled: parseBoolean(value, name) }),
  LATEEN_ACCESS_LOG: oneOf('accessLog', ['text', 'json', 'off']),
  LATEEN_LOG: oneOf('logger', LOG_LEVELS),
};

/** Read by lateend, the command line and the example, not by the library; known here so that they raise no warning. */
const READ_ELSEWHERE = ['LATEEN_ADMIN_FILE', 'LATEEN_PORT', 'LATEEN_PORT_OFFSET', 'LATEEN_WORKLOAD', 'LATEEN_INSTANCE'];

export interface EnvironmentOptions {
  readonly options: Partial<MeshOptions>;
  /** One sentence per variable that starts with `LATEEN_` and means nothing. */
  readonly warnings: readonly string[];
}

/**
 * The options that the environment sets.
 *
 * @throws {LateenError} `LATEEN_BAD_OPTION` naming the variable, its value and what would be accepted.
 */
export function optionsFromEnvironment(environment: NodeJS.ProcessEnv): EnvironmentOptions {
  const options: Mutable<Partial<MeshOptions>> = {};
  for (const [name, read] of Object.entries(ENVIRONMENT).toReversed()) {
    const value = environment[name];
    if (value === undefined || value === '' || name.startsWith('LATEEN_CONSUL_')) continue;
    Object.assign(options, read(value, name));
  }
  const consul = consulFrom(environment);
  if (consul) options.consul = consul;
  return { options, warnings: misspelt(environment) };
}

function consulFrom(environment: NodeJS.ProcessEnv): MeshOptions['consul'] {
  const { LATEEN_CONSUL_URL: url, LATEEN_CONSUL_TOKEN: token, LATEEN_CONSUL_PREFIX: prefix } = environment;
  if (!url && !token && !prefix) return undefined;
  return { ...(url ? { url } : {}), ...(token ? { token } : {}), ...(prefix ? { prefix } : {}) };
}

function misspelt(environment: NodeJS.ProcessEnv): string[] {
  const known = [...Object.keys(ENVIRONMENT), ...READ_ELSEWHERE];
  return Object.keys(environment)
    .filter((name) => name.startsWith('LATEEN_') && !known.includes(name))
    .map((name) => `${name} means nothing to Lateen; did you mean ${nearest(name, known)}?`);
}

function nearest(name: string, known: readonly string[]): string {
  return known.reduce((best, candidate) => (editDistance(name, candidate) < editDistance(name, best) ? candidate : best));
}

/** Levenshtein distance, two rows. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const substitution = (previous[j - 1] as number) + (left[i - 1] === right[j - 1] ? 0 : 1);
      row.push(Math.min(substitution, (previous[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    previous = row;
  }
  return previous[right.length] as number;
}

function parseLabels(value: string, name: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const pair of value.split(',')) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw badVariable(name, value, 'pairs like tier=backend,team=books');
    labels[pair.slice(0, equals).trim()] = pair.slice(equals + 1).trim();
  }
  return labels;
}

function parseDiscovery(value: string, name: string): NonNullable<MeshOptions['discovery']> {
  const sources = value.split(',').map((source) => source.trim());
  const allowed = ['lateend', 'consul', 'dns', 'static'];
  if (!sources.every((source) => allowed.includes(source))) throw badVariable(name, value, `a list of ${allowed.join(', ')}`);
  return sources as ('lateend' | 'consul' | 'dns' | 'static')[];
}

function parseSeconds(value: string, name: string): number {
  const seconds = Number(value);
  if (!Number.isFinite(seconds) || seconds < 0) throw badVariable(name, value, 'a number of seconds');
  return seconds;
}

function parseBoolean(value: string, name: string): boolean {
  if (['true', '1', 'yes', 'on'].includes(value)) return true;
  if (['false', '0', 'no', 'off'].includes(value)) return false;
  throw badVariable(name, value, 'true or false');
}

function badVariable(name: string, value: string, accepted: string): LateenError {
  return new LateenError('LATEEN_BAD_OPTION', `${name}=${value} is not understood`, { target: name, hint: `write ${accepted}` });
}
