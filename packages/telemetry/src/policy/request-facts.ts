import { CelDuration, type CelMap, type CelProgram, type CelValue } from '@lateen/core/cel';
import { headerValue } from '@lateen/core';
import type { AccessLogEntry } from '../access-log/access-log-entry.ts';
import type { WorkloadIdentityLabels } from '../labels.ts';

/** What expressions can be asked of a request that is over. */
export interface RequestFacts {
  readonly entry: AccessLogEntry;
  /** Raw pairs. */
  readonly requestHeaders: readonly string[];
  /** Raw pairs; empty where no answer came. */
  readonly responseHeaders: readonly string[];
  /** `http` or `https` as the caller wrote it. */
  readonly scheme: string;
  readonly source: WorkloadIdentityLabels;
  readonly destination: WorkloadIdentityLabels;
  readonly destinationService: string;
  readonly isMutualTls: boolean;
}

type Reader = CelProgram<RequestFacts>;

/** Attributes that are the same for all requests of one series with one status; all others have to be asked of each request. */
export const SERIES_ATTRIBUTES: ReadonlySet<string> = new Set([
  'response.code',
  'listener_direction',
  'xds.listener_direction',
  ...['', 'filter_state.'].flatMap((prefix) =>
    ['downstream_peer', 'upstream_peer'].flatMap((peer) =>
      ['workload', 'namespace', 'app', 'version', 'service', 'revision', 'name', 'principal'].map(
        (field) => `${prefix}${peer}.${field}`,
      ),
    ),
  ),
]);

/** The reader of one of `CEL_ATTRIBUTES`. */
export function readerOf(name: string): Reader {
  const plain = name.replace(/^filter_state\./, '');
  const [root, field = ''] = plain.split('.');
  if (root === 'downstream_peer') return (facts) => peerField(facts.source, '', field);
  if (root === 'upstream_peer') return (facts) => peerField(facts.destination, facts.destinationService, field);
  return READERS[plain] ?? (() => undefined);
}

const direction: Reader = ({ entry }) => (entry.direction === 'inbound' ? 1n : 2n);
const cluster: Reader = ({ entry }) => entry.cluster;
const routeName: Reader = ({ entry }) => entry.routeName;

const READERS: Readonly<Record<string, Reader>> = {
  'request.path': ({ entry }) => entry.path,
  'request.url_path': ({ entry }) => entry.path.split('?', 1)[0],
  'request.query': ({ entry: { path } }) => (path.includes('?') ? path.slice(path.indexOf('?') + 1) : ''),
  'request.host': ({ entry }) => entry.authority,
  'request.scheme': ({ scheme }) => scheme,
  'request.method': ({ entry }) => entry.method,
  'request.protocol': ({ entry }) => entry.protocol,
  'request.headers': ({ requestHeaders }) => headerMap(requestHeaders),
  'request.referer': ({ requestHeaders }) => headerValue(requestHeaders, 'referer'),
  'request.useragent': ({ entry }) => entry.userAgent || undefined,
  'request.id': ({ entry }) => entry.requestId || undefined,
  'request.size': ({ entry }) => BigInt(entry.requestBytes),
  'request.duration': ({ entry }) => new CelDuration(entry.durationMs),
  'response.code': ({ entry }) => BigInt(entry.status),
  'response.headers': ({ responseHeaders }) => headerMap(responseHeaders),
  'response.size': ({ entry }) => BigInt(entry.responseBytes),
  'source.address': ({ entry }) => entry.remoteAddress || undefined,
  'source.port': ({ entry }) => portOf(entry.remoteAddress),
  'destination.address': ({ entry }) => entry.upstreamHost || undefined,
  'destination.port': ({ entry }) =>
    portOf(entry.direction === 'inbound' ? entry.upstreamHost : entry.authority) ?? portOf(entry.upstreamHost),
  'connection.mtls': ({ isMutualTls }) => isMutualTls,
  'connection.uri_san_peer_certificate': ({ entry }) => entry.principal || undefined,
  'upstream.address': ({ entry }) => entry.upstreamHost || undefined,
  'upstream.request_attempt_count': ({ entry }) => BigInt(entry.attempts),
  'xds.cluster_name': cluster,
  'xds.route_name': routeName,
  'xds.listener_direction': direction,
  cluster_name: cluster,
  route_name: routeName,
  listener_direction: direction,
};

function peerField(peer: WorkloadIdentityLabels, service: string, field: string): CelValue {
  switch (field) {
    case 'workload':
    case 'name':
      return known(peer.workload);
    case 'namespace':
      return known(peer.namespace);
    case 'app':
      return known(peer.app);
    case 'version':
      return known(peer.version);
    case 'revision':
      return known(peer.version) ?? 'latest';
    case 'principal':
      return known(peer.principal);
    case 'service':
      return service || known(peer.app);
    default:
      return undefined;
  }
}

function known(label: string): string | undefined {
  return label === '' || label === 'unknown' ? undefined : label;
}

function headerMap(headers: readonly string[]): CelMap {
  return { get: (name) => headerValue(headers, name.toLowerCase()) };
}

function portOf(address: string | undefined): bigint | undefined {
  const port = /:(\d+)$/.exec(address ?? '')?.[1];
  return port === undefined ? undefined : BigInt(port);
}
