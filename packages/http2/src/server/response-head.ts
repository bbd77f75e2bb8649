import { type OutgoingHttpHeaders, ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import { isFieldValue, isToken } from '../hpack/field-kind.ts';
import { outHeadersOf } from './node-internals.ts';

/** A response as node:http keeps it while its head is made; all of it is in use there since Node 0.x. */
export interface ResponseInternals extends ServerResponse {
  _header: string | null;
  _headerSent: boolean;
  _hasBody: boolean;
  _contentLength: number | null;
  _removedContLen: boolean;
  _trailer: string;
  _closed: boolean;
}

type HeaderInput = OutgoingHttpHeaders | readonly unknown[] | undefined;

/**
 * The head of a response as flat pairs, from whatever `writeHead` was given: what it is to hold, in which order, and which errors it raises are
 * node:http's. Fields about a connection of HTTP/1.1 are left to the encoder to drop.
 */
export function responseHead(response: ResponseInternals, headers: HeaderInput, date: string): string[] {
  const flat: string[] = [];
  if (headers) addAll(response, headers, flat);
  let hasLength = false;
  let hasDate = false;
  let hasTrailer = false;
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string;
    if (name.length === 14) hasLength ||= name.toLowerCase() === 'content-length';
    else if (name.length === 4) hasDate ||= name.toLowerCase() === 'date';
    else if (name.length === 7) hasTrailer ||= name.toLowerCase() === 'trailer';
  }
  if (response.sendDate && !hasDate) flat.push('date', date);
  if (hasTrailer && (hasLength || !response._hasBody)) throw trailerInvalid();
  const mayTellLength = !hasLength && !hasTrailer && response._hasBody && !response._removedContLen;
  if (mayTellLength && typeof response._contentLength === 'number') flat.push('content-length', String(response._contentLength));
  return flat;
}

function addAll(response: ResponseInternals, headers: NonNullable<HeaderInput>, flat: string[]): void {
  if (headers === (outHeadersOf(response) as unknown)) {
    for (const key in headers as object) {
      const [name, value] = (headers as unknown as Record<string, [string, unknown]>)[key] as [string, unknown];
      add(name, value, false, flat);
    }
  } else if (Array.isArray(headers)) {
    if (Array.isArray(headers[0])) for (const [name, value] of headers as [string, unknown][]) add(name, value, true, flat);
    else if (headers.length % 2 !== 0) throw oddHeaders(headers);
    else for (let i = 0; i < headers.length; i += 2) add(headers[i], headers[i + 1], true, flat);
  } else {
    for (const key in headers) {
      if (Object.hasOwn(headers, key)) add(key, (headers as OutgoingHttpHeaders)[key], true, flat);
    }
  }
}

function add(name: string, value: unknown, validate: boolean, flat: string[]): void {
  // Looked at by ourselves first; node's own check then finds the words for what is wrong.
  if (validate && (typeof name !== 'string' || !isToken(name))) validateHeaderName(name);
  if (typeof value === 'string') addLine(name, value, validate, flat);
  else if (!Array.isArray(value)) addLine(name, value === undefined ? (value as never) : String(value), validate, flat);
  else if (value.length > 1 && name.toLowerCase() === 'cookie') addLine(name, value.join('; '), validate, flat);
  else for (const line of value) addLine(name, String(line), validate, flat);
}

function addLine(name: string, value: string, validate: boolean, flat: string[]): void {
  if (validate && (value === undefined || !isFieldValue(value))) validateHeaderValue(name, value);
  flat.push(name, value);
}

function trailerInvalid(): Error {
  return Object.assign(new Error('Trailers are invalid with this transfer encoding'), { code: 'ERR_HTTP_TRAILER_INVALID' });
}

function oddHeaders(headers: unknown): Error {
  const message = `The argument 'headers' is invalid. Received ${String(headers)}`;
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_VALUE' });
}
