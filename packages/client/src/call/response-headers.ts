import type { IncomingHttpHeaders } from 'node:http';
import type { RawHeaders } from '@lateen/core';
import type { CallFacts } from './call-facts.ts';
import { addCorsHeaders } from './cors.ts';
import { applyOperations } from './request-headers.ts';

/** Headers of an answer in both shapes that undici's handlers read. */
export interface ResponseHeaders {
  /** Lower-case names; repeated lines as an array. */
  readonly parsed: IncomingHttpHeaders;
  /** Flat, as bytes: what older handler generations get. */
  readonly raw: Buffer[];
}

export function responseHeaders(lines: RawHeaders): ResponseHeaders {
  const parsed: Record<string, string | string[]> = {};
  for (let i = 0; i < lines.length; i += 2) {
    const name = (lines[i] as string).toLowerCase();
    const value = lines[i + 1] as string;
    const before = parsed[name];
    if (before === undefined) parsed[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else parsed[name] = [before, value];
  }
  return { parsed, raw: lines.map((text) => Buffer.from(text, 'latin1')) };
}

/** An upstream's header lines as text, whichever shape the transport has them in. */
export function rawLines(raw: unknown, parsed: IncomingHttpHeaders): RawHeaders {
  if (Array.isArray(raw)) return raw.map((part: Buffer | string) => (typeof part === 'string' ? part : part.toString('latin1')));
  const lines: RawHeaders = [];
  for (const name in parsed) for (const value of [parsed[name]].flat()) lines.push(name, String(value));
  return lines;
}

/** The destination's operations first, then the route's; what CORS has to say comes last. */
export function rewriteResponse(call: CallFacts, status: number, lines: RawHeaders): ResponseHeaders {
  applyOperations(lines, call.destination?.responseHeaders, call, status);
  applyOperations(lines, call.route.responseHeaders, call, status);
  if (call.corsGrant) addCorsHeaders(lines, call.corsGrant);
  return responseHeaders(lines);
}
