import type { AccessLogEntry, RequestFacts } from '@lateen/telemetry';
import type { InboundRequest } from './inbound-request.ts';

/** What became of a request, in numbers. */
export interface Outcome {
  readonly status: number;
  readonly flags: string;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** A request that was served, as the access log tells it. */
export function inboundEntry(inbound: InboundRequest, outcome: Outcome): AccessLogEntry {
  const { connection, port, services, request, path, requestId, route, principal, trace } = inbound;
  const { localAddress, localPort, remoteAddress, remotePort } = connection.socket;
  const { method = '', httpVersion, headers } = request;
  const local = addressOf(localAddress, localPort);
  return {
    ...outcome,
    direction: 'inbound',
    startTime: services.clock.wallNow() - outcome.durationMs,
    method,
    path,
    protocol: `HTTP/${httpVersion}`,
    authority: headers.host ?? '',
    requestId,
    userAgent: headers['user-agent'] ?? '',
    upstreamHost: local,
    cluster: `inbound|${port.number}||`,
    routeName: route,
    attempts: 1,
    principal: principal?.id ?? '',
    traceId: trace.traceId,
    policy: '',
    forwardedFor: String(headers['x-forwarded-for'] ?? ''),
    localAddress: local,
    remoteAddress: addressOf(remoteAddress, remotePort),
  };
}

/** All that expressions of a policy may ask of it. */
export function inboundFacts({ connection, request, response }: InboundRequest, entry: AccessLogEntry): RequestFacts {
  const { source, destination, destinationService, securityPolicy } = connection.series.key;
  return {
    entry,
    requestHeaders: request.rawHeaders,
    responseHeaders: Object.entries(response?.getHeaders() ?? {}).flatMap(([name, value]) => [name, String(value)]),
    scheme: 'http',
    source,
    destination,
    destinationService,
    isMutualTls: securityPolicy === 'mutual_tls',
  };
}

/** IPv6 stands in brackets before its port. */
function addressOf(address: string | undefined, port: number | undefined): string {
  if (address === undefined) return '';
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
