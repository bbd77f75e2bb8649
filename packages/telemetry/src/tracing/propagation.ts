import { headerValue, type RawHeaders, type TraceContext } from '@lateen/core';

/** Header formats that carry a trace: W3C, and Zipkin's in one or several headers. */
export const PROPAGATORS = ['tracecontext', 'b3', 'b3multi'] as const;
export type Propagator = (typeof PROPAGATORS)[number];

const TRACEPARENT_LENGTH = 55;

/** `00-<trace>-<span>-01` */
export function traceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-0${sampled ? 1 : 0}`;
}

/** Writes the context's lines for the propagators asked for. */
export function injectContext(context: TraceContext, headers: RawHeaders, propagators: readonly Propagator[]): void {
  for (const propagator of propagators) {
    if (propagator === 'tracecontext') injectW3c(context, headers);
    else if (propagator === 'b3') headers.push('b3', `${context.traceId}-${context.spanId}-${context.sampled ? 1 : 0}`);
    else
      headers.push('x-b3-traceid', context.traceId, 'x-b3-spanid', context.spanId, 'x-b3-sampled', context.sampled ? '1' : '0');
  }
}

function injectW3c(context: TraceContext, headers: RawHeaders): void {
  headers.push('traceparent', traceparent(context));
  if (context.state) headers.push('tracestate', context.state);
}

/** A caller's context as its headers tell it; `decided` is false where they leave sampling open. */
export interface ExtractedContext {
  readonly context: TraceContext;
  readonly decided: boolean;
}

/** W3C first, then B3 in one header, then in several. Malformed headers count as absent. */
export function extractContext(headers: readonly string[]): ExtractedContext | undefined {
  const w3c = headerValue(headers, 'traceparent');
  if (w3c !== undefined) return extractW3c(w3c, headerValue(headers, 'tracestate'));
  const single = headerValue(headers, 'b3');
  if (single !== undefined) return extractB3Single(single);
  const traceId = headerValue(headers, 'x-b3-traceid');
  return traceId === undefined ? undefined : extractB3Multi(traceId, headers);
}

const W3C_FORM = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}/;

function extractW3c(value: string, state: string | undefined): ExtractedContext | undefined {
  if (!W3C_FORM.test(value)) return undefined;
  // A later version may have more behind the flags; version 00 has not.
  if (value.length > TRACEPARENT_LENGTH && (value.startsWith('00') || value[TRACEPARENT_LENGTH] !== '-')) return undefined;
  const sampled = (Number.parseInt(value.slice(53, 55), 16) & 1) === 1;
  return { context: { traceId: value.slice(3, 35), spanId: value.slice(36, 52), sampled, state }, decided: true };
}

const B3_TRACE_ID = /^(?:[0-9a-f]{16}){1,2}$/;
const B3_SPAN_ID = /^[0-9a-f]{16}$/;

function extractB3Single(value: string): ExtractedContext | undefined {
  const [traceId = '', spanId = '', flag] = value.toLowerCase().split('-');
  return b3Context(traceId, spanId, flag);
}

function extractB3Multi(traceId: string, headers: readonly string[]): ExtractedContext | undefined {
  const flag = headerValue(headers, 'x-b3-flags') === '1' ? 'd' : headerValue(headers, 'x-b3-sampled');
  return b3Context(traceId.toLowerCase(), (headerValue(headers, 'x-b3-spanid') ?? '').toLowerCase(), flag);
}

function b3Context(traceId: string, spanId: string, flag: string | undefined): ExtractedContext | undefined {
  if (!B3_TRACE_ID.test(traceId) || !B3_SPAN_ID.test(spanId)) return undefined;
  const sampled = flag === '1' || flag === 'd' || flag === 'true';
  return { context: { traceId: traceId.padStart(32, '0'), spanId, sampled, state: undefined }, decided: flag !== undefined };
}
