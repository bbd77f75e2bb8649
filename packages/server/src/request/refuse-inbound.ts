import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Http1Refusal,
  localReplyBody,
  normalizePath,
  type PathNormalization,
  readRequestHead,
  REFUSALS,
  removeHeader,
} from '@lateen/core';

/**
 * Reads the head of a request as Istio's server side does, and makes what the application reads of it what was meant: the path normalised, an
 * absolute target taken apart.
 *
 * @returns the answer that refuses it; undefined when it may go on
 */
export function settleTarget(request: IncomingMessage, mode: PathNormalization): Http1Refusal | undefined {
  const head = readRequestHead(request);
  if ('status' in head) return head;
  const path = normalizePath(head.path, mode);
  if (path === undefined) return REFUSALS.badPath;
  request.url = path;
  if (request.headers.host !== head.authority) setHost(request, head.authority);
  return undefined;
}

function setHost({ headers, rawHeaders }: IncomingMessage, host: string): void {
  headers.host = host;
  removeHeader(rawHeaders, 'host');
  rawHeaders.push('host', host);
}

/** An answer to a request that is not what it has to be. */
export function answerRefusal(response: ServerResponse, { status, body, flag }: Http1Refusal): void {
  if (flag === 'DPE') response.shouldKeepAlive = false;
  response.writeHead(status, { 'content-length': body.length, ...(body === '' ? {} : { 'content-type': 'text/plain' }) });
  response.end(body);
}

/** The answer to a request that there is no room for, in Envoy's words. */
export function answerOverflow(response: ServerResponse): void {
  const body = localReplyBody('LATEEN_OVERFLOW');
  response.writeHead(503, { 'content-type': 'text/plain', 'content-length': body.length, 'x-envoy-overloaded': 'true' });
  response.end(body);
}
