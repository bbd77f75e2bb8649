import type { ServerResponse } from 'node:http';
import { inboundEntry, inboundFacts, type Outcome } from './inbound-entry.ts';
import type { InboundRequest } from './inbound-request.ts';

/** Metrics, span and access log of one request that is over. */
export function recordInbound(inbound: InboundRequest): void {
  const { connection, services, route, request } = inbound;
  const outcome = outcomeOf(inbound);
  const { status, flags, durationMs, requestBytes, responseBytes } = outcome;
  const { series } = connection;
  if (series.variant === undefined) {
    series.record(status, flags, durationMs, requestBytes, responseBytes);
    if (services.accessLog.enabled) tell(inbound, outcome);
  } else tell(inbound, outcome);
  if (route) services.routes.record(route, request.method ?? '', status, durationMs);
  if (inbound.span) endSpan(inbound, outcome);
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

/** Log line, and the metric where its labels ask the request itself. */
function tell(inbound: InboundRequest, outcome: Outcome): void {
  const { connection, services } = inbound;
  const entry = inboundEntry(inbound, outcome);
  const facts = () => inboundFacts(inbound, entry);
  if (connection.series.variant) connection.series.recordFacts(facts());
  if (services.accessLog.enabled) services.accessLog.write(entry, facts);
}
