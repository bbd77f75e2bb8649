import type { IncomingHttpHeaders } from 'node:http';
import type { RawHeaders } from '@lateen/core';
import { setCookie } from '../cluster/hash-cookie.ts';
import type { Attempt } from './attempt.ts';
import type { CallEnding } from './call-ending.ts';
import { type LocalReply, replyHeaders, statusText } from './local-reply.ts';
import { passOnAnswer } from './sidecar-headers.ts';
import { rawLines, responseHeaders, rewriteResponse } from './response-headers.ts';

/**
 * Hands an upstream's answer to the application: untouched, unless the rules have operations on response headers, a cookie is due, or a sidecar's ways are
 * asked for.
 */
export function deliverResponse(
  call: CallEnding,
  attempt: Attempt,
  headers: IncomingHttpHeaders,
  text: string | undefined,
): void {
  const { handler, route, destination } = call;
  let delivered = headers;
  if (call.runtime.sidecar || route.responseHeaders || destination?.responseHeaders || call.madeCookie !== '' || call.corsGrant) {
    const lines = rawLines(attempt.controller?.rawHeaders, headers);
    addOwnHeaders(call, lines);
    const rewritten = rewriteResponse(call, attempt.status, lines);
    call.rewrittenHeaders = rewritten.raw;
    delivered = rewritten.parsed;
  }
  handler.onResponseStart?.(call, attempt.status, delivered, text);
}

/** Before the rules' operations, which may change them. */
function addOwnHeaders({ runtime, forwardedAt, cluster, madeCookie }: CallEnding, lines: RawHeaders): void {
  if (runtime.sidecar) passOnAnswer(lines, runtime.sidecar, runtime.clock.now() - forwardedAt);
  const key = cluster?.spec.hash?.key;
  if (madeCookie !== '' && key?.kind === 'cookie') lines.push('set-cookie', setCookie(key, madeCookie));
}

/** Hands an answer of the mesh's own to the application. The rules' operations on response headers hold for it too, as in Istio. */
export function deliverReply(call: CallEnding, reply: LocalReply): void {
  const { handler, request } = call;
  const lines = replyHeaders(reply, call.flagText());
  const { parsed, raw } = reply.isFinal ? responseHeaders(lines) : rewriteResponse(call, reply.status, lines);
  call.rewrittenHeaders = raw;
  handler.onResponseStart?.(call, reply.status, parsed, statusText(reply.status));
  if (reply.body.length > 0 && request.method !== 'HEAD') handler.onResponseData?.(call, Buffer.from(reply.body as string));
  handler.onResponseEnd?.(call, {});
}
