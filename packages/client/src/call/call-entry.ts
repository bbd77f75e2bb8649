import type { IncomingHttpHeaders } from 'node:http';
import { headerValue } from '@lateen/core';
import type { AccessLogEntry, RequestFacts, RequestSeries } from '@lateen/telemetry';
import { connectionSecurity } from '../transport/create-transport.ts';
import { policyOf } from './call-failure.ts';
import type { CallFacts } from './call-facts.ts';

/** A call that is over, as the access log tells it. */
export function callEntry(call: CallFacts, status: number, flags: string, nowMs: number): AccessLogEntry {
  const { request, runtime, attempt } = call;
  return {
    direction: 'outbound',
    startTime: runtime.clock.wallNow() - (nowMs - call.startedAt),
    method: request.method,
    path: call.originalPath,
    protocol: 'HTTP/1.1',
    status,
    flags,
    requestBytes: call.requestBytes,
    responseBytes: call.responseBytes,
    durationMs: nowMs - call.startedAt,
    authority: request.authority,
    requestId: call.requestId ?? '',
    userAgent: headerValue(request.headers, 'user-agent') ?? '',
    upstreamHost: attempt?.endpoint.address ?? '',
    cluster: call.cluster?.name ?? '',
    routeName: call.route?.name ?? '',
    attempts: call.attemptCount,
    principal: '',
    traceId: call.trace?.traceId ?? '',
    policy: flags === '-' ? '' : (policyOf(call) ?? ''),
    forwardedFor: headerValue(request.headers, 'x-forwarded-for') ?? '',
    serviceTime: headerValue(answeredHeaders(call), 'x-envoy-upstream-service-time') ?? '',
  };
}

/** All that expressions of a policy may ask of it. */
export function callFacts(call: CallFacts, { key }: RequestSeries, entry: AccessLogEntry): RequestFacts {
  return {
    entry,
    requestHeaders: call.request.headers,
    responseHeaders: answeredHeaders(call),
    scheme: call.request.scheme,
    source: key.source,
    destination: key.destination,
    destinationService: key.destinationService,
    isMutualTls: isMutual(call),
  };
}

function isMutual({ cluster, attempt }: CallFacts): boolean {
  return cluster !== undefined && attempt !== undefined && connectionSecurity(cluster.spec, attempt.endpoint.endpoint) === 'mesh';
}

/** Raw pairs of the answer, whoever gave it. */
function answeredHeaders({ rawHeaders }: CallFacts): readonly string[] {
  if (rawHeaders === null) return [];
  return Array.isArray(rawHeaders) ? rawHeaders.map((part) => String(part)) : pairsOf(rawHeaders);
}

function pairsOf(headers: IncomingHttpHeaders): string[] {
  return Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));
}
