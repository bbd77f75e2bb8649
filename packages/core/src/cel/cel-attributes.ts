/** What an attribute is; `map` is asked by a header's name. */
export type CelType = 'string' | 'int' | 'bool' | 'duration' | 'map';

/** What Istio knows of the workload at the other end, or at this one. */
const PEER_FIELDS = ['workload', 'namespace', 'app', 'version', 'service', 'revision', 'name', 'principal'] as const;
const peer = (root: string): readonly (readonly [string, CelType])[] =>
  PEER_FIELDS.map((field) => [`${root}.${field}`, 'string'] as const);

/**
 * The attributes of a request that expressions may ask, by the names that Istio and Envoy give them
 * (https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes). Those of Envoy's that a process cannot know,
 * metadata and filter state among them, are not here.
 */
export const CEL_ATTRIBUTES: ReadonlyMap<string, CelType> = new Map<string, CelType>([
  ['request.path', 'string'],
  ['request.url_path', 'string'],
  ['request.query', 'string'],
  ['request.host', 'string'],
  ['request.scheme', 'string'],
  ['request.method', 'string'],
  ['request.protocol', 'string'],
  ['request.headers', 'map'],
  ['request.referer', 'string'],
  ['request.useragent', 'string'],
  ['request.id', 'string'],
  ['request.size', 'int'],
  ['request.duration', 'duration'],
  ['response.code', 'int'],
  ['response.headers', 'map'],
  ['response.size', 'int'],
  ['source.address', 'string'],
  ['source.port', 'int'],
  ['destination.address', 'string'],
  ['destination.port', 'int'],
  ['connection.mtls', 'bool'],
  ['connection.uri_san_peer_certificate', 'string'],
  ['upstream.address', 'string'],
  ['upstream.request_attempt_count', 'int'],
  ['xds.cluster_name', 'string'],
  ['xds.route_name', 'string'],
  ['xds.listener_direction', 'int'],
  ['cluster_name', 'string'],
  ['route_name', 'string'],
  ['listener_direction', 'int'],
  ...peer('downstream_peer'),
  ...peer('upstream_peer'),
  ...peer('filter_state.downstream_peer'),
  ...peer('filter_state.upstream_peer'),
]);
