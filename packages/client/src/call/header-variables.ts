import { hostname } from 'node:os';
import { headerValue, type RawHeaders } from '@lateen/core';
import type { ReadVariable } from '@lateen/routing';
import type { CallFacts } from './call-facts.ts';
import { formatTime } from './format-time.ts';

/** What is known of an answer when its headers are written. */
export interface AnswerFacts {
  readonly status: number;
  readonly lines: RawHeaders;
}

/**
 * Envoy's variables in header values, read from a call: what a process has no value for is empty. Names as in Envoy's access log.
 *
 * @param answer undefined while the request is written
 */
export function variablesOf(call: CallFacts, answer: AnswerFacts | undefined): ReadVariable {
  return (name, argument) =>
    requestVariable(call, name, argument) ?? (answer ? answerVariable(call, answer, name, argument) : '');
}

function requestVariable(call: CallFacts, name: string, argument: string): string | undefined {
  switch (name) {
    case 'REQ':
      return headerOf(argument, (header) => requestHeader(call, header));
    case 'PATH':
      return call.request.path;
    case 'QUERY_PARAM':
      return new URLSearchParams(call.request.path.split('?')[1]).get(argument) ?? '';
    case 'PROTOCOL':
      return 'HTTP/1.1';
    case 'START_TIME':
      return formatTime(call.runtime.clock.wallNow() - (call.runtime.clock.now() - call.startedAt), argument);
    case 'HOSTNAME':
      return hostname();
    case 'ENVIRONMENT':
      return process.env[argument] ?? '';
    case 'ROUTE_NAME':
      return call.route.name;
    case 'UPSTREAM_CLUSTER':
    case 'UPSTREAM_CLUSTER_RAW':
      return call.cluster?.name ?? '';
    case 'TRACE_ID':
      return call.trace?.traceId ?? '';
    case 'STREAM_ID':
    case 'UNIQUE_ID':
      return call.requestId ?? '';
    case 'DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT':
    case 'DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT':
      return callerAddress(call);
    default:
      return undefined;
  }
}

function answerVariable(call: CallFacts, { status, lines }: AnswerFacts, name: string, argument: string): string {
  const address = call.attempt?.endpoint.address ?? '';
  switch (name) {
    case 'RESP':
      return headerOf(argument, (header) => (header === ':status' ? String(status) : headerValue(lines, header)));
    case 'RESPONSE_CODE':
      return String(status);
    case 'RESPONSE_FLAGS':
      return call.flagText();
    case 'GRPC_STATUS':
      return headerValue(lines, 'grpc-status') ?? '';
    case 'UPSTREAM_PROTOCOL':
      return address === '' ? '' : 'HTTP/1.1';
    case 'UPSTREAM_HOST':
    case 'UPSTREAM_REMOTE_ADDRESS':
      return address;
    case 'UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT':
      return address.slice(0, Math.max(address.lastIndexOf(':'), 0));
    case 'UPSTREAM_REMOTE_PORT':
      return address.slice(address.lastIndexOf(':') + 1);
    case 'UPSTREAM_REQUEST_ATTEMPT_COUNT':
      return String(call.attemptCount);
    case 'DURATION':
      return String(Math.round(call.runtime.clock.now() - call.startedAt));
    default:
      return '';
  }
}

/** `x-a?x-b`: the second where the first is missing. */
function headerOf(argument: string, read: (lowerName: string) => string | undefined): string {
  for (const name of argument.split('?')) {
    const value = read(name.trim().toLowerCase());
    if (value !== undefined) return value;
  }
  return '';
}

function requestHeader({ request }: CallFacts, lowerName: string): string | undefined {
  switch (lowerName) {
    case ':method':
      return request.method;
    case ':path':
      return request.path;
    case ':scheme':
      return request.scheme;
    case ':authority':
    case 'host':
      return request.authority;
    default:
      return headerValue(request.headers, lowerName);
  }
}

/** A gateway has written the address it was called from; a process calls itself. */
function callerAddress({ request }: CallFacts): string {
  return headerValue(request.headers, 'x-forwarded-for')?.split(',').at(-1)?.trim() ?? '127.0.0.1';
}
