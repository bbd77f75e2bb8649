import { removeHeader, setHeader } from '@lateen/core';
import { callDeadline, DEADLINE_HEADER, deadlineHeaderValue } from '@lateen/resilience';
import type { HeaderOperations } from '@lateen/routing';
import type { Attempt } from './attempt.ts';
import type { CallFacts } from './call-facts.ts';
import { applyOperations } from './request-headers.ts';
import { newRequestId } from './request-id.ts';
import { inChunks } from './request-source.ts';
import { addSidecarHeaders, expectedTimeoutMs, type SidecarHeaders } from './sidecar-headers.ts';

/** Rewrite, header policy and request id: what is the same for every try. */
export function prepareRequest(call: CallFacts): void {
  const { request, route, destination, context, runtime } = call;
  const { headers } = request;
  if (route.rewrite) {
    const path = route.rewrite.path(request.path);
    if (runtime.sidecar?.debug && path !== request.path) setHeader(headers, 'x-envoy-original-path', request.path);
    request.path = path;
    if (route.rewrite.authority !== undefined) request.authority = route.rewrite.authority;
  }
  if (runtime.sidecar) addSidecarHeaders(request, route.operation);
  // An empty one is none.
  if (call.requestId === '') removeHeader(headers, 'x-request-id');
  if (!call.requestId && runtime.sidecar?.requestId !== false) {
    call.requestId = context?.requestId || newRequestId();
    headers.push('x-request-id', call.requestId);
  }
  if (destination?.requestHeaders) applyRequestOperations(call, destination.requestHeaders);
  if (route.requestHeaders) applyRequestOperations(call, route.requestHeaders);
}

function applyRequestOperations(call: CallFacts, operations: HeaderOperations): void {
  applyOperations(call.request.headers, operations, call);
  if (operations.remove.includes('content-length')) call.chunked = true;
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
  call.span = tracing.span('client', `${call.request.method} ${call.matchedHost}`, call.trace, parent, call.request.headers);
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
  request.body = (call.chunked ? inChunks(call.body.open()) : call.body.open()) as never;
  const trace = call.trace?.sampled ? beginAttemptSpan(call, attempt) : call.trace;
  if (call.isMesh) {
    if (trace && !call.tracedByCaller) runtime.tracing.inject(trace, headers);
    if (runtime.sidecar) tellAsSidecar(call, runtime.sidecar, nowMs);
    else if (call.deadline !== Number.POSITIVE_INFINITY) headers.push(DEADLINE_HEADER, deadlineHeaderValue(call.deadline, nowMs));
  }
  if (attempt.endpoint.transportAuthority !== request.authority) headers.push('host', request.authority);
}

function tellAsSidecar(call: CallFacts, { attemptCount, debug }: SidecarHeaders, nowMs: number): void {
  const { headers } = call.request;
  if (attemptCount) headers.push('x-envoy-attempt-count', String(call.attemptCount));
  const expectedMs = debug ? expectedTimeoutMs(call.route, nowMs - call.forwardedAt) : 0;
  if (expectedMs > 0) headers.push(DEADLINE_HEADER, String(expectedMs));
}

function beginAttemptSpan(call: CallFacts, attempt: Attempt): CallFacts['trace'] {
  const { tracing } = call.runtime;
  const trace = tracing.child(call.trace);
  attempt.span = tracing.span('attempt', attempt.endpoint.address, trace, call.trace);
  attempt.span?.set('attempt', call.attemptCount);
  attempt.span?.set('upstream_cluster', attempt.endpoint.cluster.name);
  return trace;
}
