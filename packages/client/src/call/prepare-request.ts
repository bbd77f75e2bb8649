import { setHeader } from '@lateen/core';
import { callDeadline, DEADLINE_HEADER, deadlineHeaderValue } from '@lateen/resilience';
import type { Attempt } from './attempt.ts';
import type { CallFacts } from './call-facts.ts';
import { applyOperations, stripEnvoyControls } from './request-headers.ts';
import { newRequestId } from './request-id.ts';

/** Rewrite, header policy and request id: what is the same for every try. */
export function prepareRequest(call: CallFacts): void {
  const { request, route, destination, context, runtime } = call;
  const { headers } = request;
  if (route.rewrite) {
    request.path = route.rewrite.path(request.path);
    if (route.rewrite.authority !== undefined) request.authority = route.rewrite.authority;
  }
  if (runtime.defaults === 'istio') {
    stripEnvoyControls(headers);
    setHeader(headers, 'x-forwarded-proto', request.scheme);
  }
  if (call.requestId === undefined) {
    call.requestId = context?.requestId ?? newRequestId();
    headers.push('x-request-id', call.requestId);
  }
  if (destination?.requestHeaders) applyOperations(headers, destination.requestHeaders);
  if (route.requestHeaders) applyOperations(headers, route.requestHeaders);
}

/** Until when the request being served is waited for; Infinity when that binds nobody below. */
export function inheritedDeadline({ context, runtime }: CallFacts): number {
  return context && runtime.defaults === 'lateen' ? context.deadline : Number.POSITIVE_INFINITY;
}

/** The route's timeout or the inherited deadline, whichever comes first. */
export function decideDeadline(call: CallFacts, nowMs: number): void {
  call.deadline = callDeadline(inheritedDeadline(call), call.route.timeoutMs, nowMs);
}

/** The call's place in its trace, where anybody hears of it: the upstream, or an exporter. Hosts nobody configured don't. */
export function beginTrace(call: CallFacts): void {
  const { tracing } = call.runtime;
  if (!tracing.exporting && (!call.isMesh || call.tracedByCaller)) return;
  const parent = call.context?.trace;
  call.trace = tracing.child(parent);
  if (!call.trace.sampled) return;
  call.span = tracing.span('client', `${call.request.method} ${call.matchedHost}`, call.trace, parent);
  call.span?.set('http.request.method', call.request.method);
  call.span?.set('server.address', call.request.authority);
  call.span?.set('url.path', call.request.path);
}

/** What differs from try to try, behind the lines that do not: trace, deadline or count, host. */
export function prepareAttempt(call: CallFacts, attempt: Attempt, nowMs: number): void {
  const { request, runtime } = call;
  const { headers } = request;
  // Setting the length costs more than asking for it.
  if (headers.length !== call.commonHeaders) headers.length = call.commonHeaders;
  call.requestBytes = 0;
  request.body = call.body.open() as never;
  const trace = call.trace?.sampled ? beginAttemptSpan(call, attempt) : call.trace;
  if (call.isMesh) {
    if (trace && !call.tracedByCaller) runtime.tracing.inject(trace, headers);
    if (runtime.defaults === 'istio') headers.push('x-envoy-attempt-count', String(call.attemptCount));
    else if (call.deadline !== Number.POSITIVE_INFINITY) headers.push(DEADLINE_HEADER, deadlineHeaderValue(call.deadline, nowMs));
  }
  if (attempt.endpoint.transportAuthority !== request.authority) headers.push('host', request.authority);
}

function beginAttemptSpan(call: CallFacts, attempt: Attempt): CallFacts['trace'] {
  const { tracing } = call.runtime;
  const trace = tracing.child(call.trace);
  attempt.span = tracing.span('attempt', attempt.endpoint.address, trace, call.trace);
  attempt.span?.set('attempt', call.attemptCount);
  attempt.span?.set('upstream_cluster', attempt.endpoint.cluster.name);
  return trace;
}
