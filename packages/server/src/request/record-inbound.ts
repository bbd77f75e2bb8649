import type { ServerResponse } from 'node:http';
import type { InboundRequest } from './inbound-request.ts';

/** What became of a request, in numbers. */
interface Outcome {
  readonly status: number;
  readonly flags: string;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** Metrics, span and access log of one request that is over. */
export function recordInbound(inbound: InboundRequest): void {
  const { connection, services, route, request } = inbound;
  const outcome = outcomeOf(inbound);
  const { status, flags, durationMs, requestBytes, responseBytes } = outcome;
  connection.series.record(status, flags, durationMs, requestBytes, responseBytes);
  if (route) services.routes.record(route, request.method ?? '', status, durationMs);
  if (inbound.span) endSpan(inbound, outcome);
  if (services.accessLog.enabled) log(inbound, outcome);
}

function outcomeOf(inbound: InboundRequest): Outcome {
  const { connection, response, request, services, startedAt } = inbound;
  const written = connection.takeBytesWritten();
  const isComplete = response ? response.writableFinished : written > 0;
  return {
    status: statusOf(inbound, isComplete),
    flags: isComplete ? inbound.flag : connection.endFlag,
    durationMs: services.clock.now() - startedAt,
    requestBytes: bodyBytes(request.headers['content-length'], connection.takeBytesRead(), request.headers['transfer-encoding']),
    responseBytes: Math.max(0, written - headerBytes(response)),
  };
}

/** 0 when no answer was begun. An upgraded connection is taken at its word: what it answered is the application's. */
function statusOf({ response, request }: InboundRequest, isComplete: boolean): number {
  if (response) return isComplete || response.headersSent ? response.statusCode : 0;
  if (!isComplete) return 0;
  return request.method === 'CONNECT' ? 200 : 101;
}

/** The declared length; without one, what came over the wire when the body was chunked. */
function bodyBytes(declared: string | undefined, wireBytes: number, transferEncoding: string | undefined): number {
  if (declared !== undefined) return Number(declared);
  return transferEncoding === undefined ? 0 : wireBytes;
}

/** The head that Node wrote; a field of its own making, without a public name. */
function headerBytes(response: ServerResponse | undefined): number {
  return (response as { readonly _header?: string | null } | undefined)?._header?.length ?? 0;
}

function endSpan({ span, request, path, route, principal, services }: InboundRequest, { status, flags }: Outcome): void {
  if (!span) return;
  if (route) {
    span.rename(`${services.host}${route}`);
    span.set('http.route', route);
  }
  span.set('http.request.method', request.method ?? '');
  span.set('url.path', path.split('?', 1)[0] as string);
  if (principal) span.set('lateen.peer', principal.id);
  span.end(status, flags);
}

function log(
  { connection, port, services, request, path, requestId, route, principal, trace }: InboundRequest,
  outcome: Outcome,
): void {
  const { localAddress, localPort } = connection.socket;
  const { method = '', httpVersion, headers } = request;
  services.accessLog.write({
    ...outcome,
    direction: 'inbound',
    startTime: services.clock.wallNow() - outcome.durationMs,
    method,
    path,
    protocol: `HTTP/${httpVersion}`,
    authority: headers.host ?? '',
    requestId,
    userAgent: headers['user-agent'] ?? '',
    upstreamHost: localAddress === undefined ? '' : `${localAddress}:${localPort}`,
    cluster: `inbound|${port.number}||`,
    routeName: route,
    attempts: 1,
    principal: principal?.id ?? '',
    traceId: trace.traceId,
    policy: '',
  });
}
