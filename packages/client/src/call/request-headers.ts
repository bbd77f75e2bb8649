import { type RawHeaders, removeHeader, setHeader } from '@lateen/core';
import { DEADLINE_HEADER } from '@lateen/resilience';
import type { HeaderOperations, HeaderValue } from '@lateen/routing';
import type { CallFacts } from './call-facts.ts';
import { variablesOf } from './header-variables.ts';

/** Which of the headers that matter to the mesh the application has written itself. */
export interface FoundHeaders {
  host: string | undefined;
  requestId: string | undefined;
  traced: boolean;
  deadline: boolean;
  /** All names and values together. */
  bytes: number;
}

/** Scratch for {@link findHeaders}: read it before the next call is started. */
export const FOUND: FoundHeaders = { host: undefined, requestId: undefined, traced: false, deadline: false, bytes: 0 };

/** Envoy's limit for the headers of one request. */
export const MAX_HEADER_BYTES: number = 60 * 1024;

/** One look over the lines. Names are compared only where their length fits. */
export function findHeaders(headers: readonly string[], found: FoundHeaders): void {
  found.host = undefined;
  found.requestId = undefined;
  found.traced = false;
  found.deadline = false;
  let bytes = 0;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    bytes += name.length + (headers[i + 1] as string).length;
    switch (name.length) {
      case 4:
        if (found.host === undefined && (name === 'host' || name.toLowerCase() === 'host')) found.host = headers[i + 1];
        break;
      case 11:
        if (name === 'traceparent' || name.toLowerCase() === 'traceparent') found.traced = true;
        break;
      case 12:
        if (name === 'x-request-id' || name.toLowerCase() === 'x-request-id') found.requestId = headers[i + 1];
        break;
      case 30:
        if (name.toLowerCase() === DEADLINE_HEADER) found.deadline = true;
        break;
    }
  }
  found.bytes = bytes;
}

/** Remove, set, add, as Istio. What comes out empty does nothing. */
export function applyOperations(
  headers: RawHeaders,
  operations: HeaderOperations | undefined,
  call: CallFacts,
  status?: number,
): void {
  if (!operations) return;
  for (const name of operations.remove) removeHeader(headers, name);
  for (const [name, value] of operations.set) {
    const text = valueOf(value, headers, call, status);
    if (text !== '') setHeader(headers, name, text);
  }
  for (const [name, value] of operations.add) {
    const text = valueOf(value, headers, call, status);
    if (text !== '') headers.push(name, text);
  }
}

function valueOf(value: HeaderValue, lines: RawHeaders, call: CallFacts, status: number | undefined): string {
  if (typeof value === 'string') return value;
  return value.render(variablesOf(call, status === undefined ? undefined : { status, lines }));
}
