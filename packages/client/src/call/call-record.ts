import { headerValue } from '@lateen/core';
import type { RequestSeries } from '@lateen/telemetry';
import { policyOf } from './call-failure.ts';
import type { CallFacts } from './call-facts.ts';

/** Writes down what came of a call: one metric series, and log line and span where somebody wants them. */
export function recordCall(call: CallFacts, status: number, nowMs: number): void {
  const flags = call.flagText();
  seriesOf(call).record(status, flags, nowMs - call.startedAt, call.requestBytes, call.responseBytes);
  if (call.runtime.accessLog.enabled) writeLog(call, status, flags, nowMs);
  call.span?.end(status, flags);
}

function seriesOf(call: CallFacts): RequestSeries {
  if (call.attempt) return call.attempt.endpoint.series;
  return call.cluster ? call.cluster.series : call.runtime.series.ofHost(call.matchedHost);
}

function writeLog(call: CallFacts, status: number, flags: string, nowMs: number): void {
  const { request, runtime, attempt } = call;
  runtime.accessLog.write({
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
  });
}
