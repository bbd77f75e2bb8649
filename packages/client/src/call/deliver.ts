import type { IncomingHttpHeaders } from 'node:http';
import type { Attempt } from './attempt.ts';
import type { Call } from './call.ts';
import { type LocalReply, replyHeaders, statusText } from './local-reply.ts';
import { rawLines, rewriteResponse } from './response-headers.ts';

/** Hands an upstream's answer to the application: untouched, unless the rules have operations on response headers. */
export function deliverResponse(call: Call, attempt: Attempt, headers: IncomingHttpHeaders, text: string | undefined): void {
  const { handler, route, destination } = call;
  let delivered = headers;
  if (route.responseHeaders || destination?.responseHeaders) {
    const lines = rawLines(attempt.controller?.rawHeaders, headers);
    const rewritten = rewriteResponse(lines, destination?.responseHeaders, route.responseHeaders);
    call.rewrittenHeaders = rewritten.raw;
    delivered = rewritten.parsed;
  }
  handler.onResponseStart?.(call, attempt.status, delivered, text);
}

/** Hands an answer of the mesh's own to the application. The rules' operations on response headers hold for it too, as in Istio. */
export function deliverReply(call: Call, reply: LocalReply): void {
  const { handler, route, destination, request } = call;
  const { parsed, raw } = rewriteResponse(
    replyHeaders(reply, call.flagText()),
    destination?.responseHeaders,
    route.responseHeaders,
  );
  call.rewrittenHeaders = raw;
  handler.onResponseStart?.(call, reply.status, parsed, statusText(reply.status));
  if (reply.body.length > 0 && request.method !== 'HEAD') handler.onResponseData?.(call, Buffer.from(reply.body as string));
  handler.onResponseEnd?.(call, {});
}
