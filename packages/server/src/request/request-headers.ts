import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { removeHeader } from '@lateen/core';
import { FORWARDED_CLIENT_CERT } from './forwarded-client-cert.ts';

const REQUEST_ID = 'x-request-id';
const MAX_REQUEST_ID = 128;

/**
 * Makes what the application reads the mesh's word: who called, and the request's id. An id that is to be kept stays.
 *
 * @param clientCert empty for a caller that proved nothing
 * @param mayName whether the caller's id is kept
 * @returns the id
 */
export function settleRequestHeaders(request: IncomingMessage, clientCert: string, mayName: boolean): string {
  replaceHeader(request, FORWARDED_CLIENT_CERT, clientCert);
  const given = request.headers[REQUEST_ID];
  const keeps = mayName && typeof given === 'string' && given !== '' && given.length <= MAX_REQUEST_ID;
  const id = keeps ? given : randomUUID();
  if (!keeps) replaceHeader(request, REQUEST_ID, id);
  Object.defineProperty(request, 'headersDistinct', DISTINCT);
  return id;
}

/** Replaces all lines of a header, in `headers` and `rawHeaders` alike; an empty value only removes. */
function replaceHeader(request: IncomingMessage, lowerName: string, value: string): void {
  if (request.headers[lowerName] !== undefined) {
    removeHeader(request.rawHeaders, lowerName);
    delete request.headers[lowerName];
  }
  if (value === '') return;
  request.rawHeaders.push(lowerName, value);
  request.headers[lowerName] = value;
}

/**
 * Node makes `headersDistinct` of as many raw lines as once arrived, and fails when there are fewer now. It is on the object rather than a
 * subclass because Express changes the prototype.
 */
const DISTINCT: PropertyDescriptor = {
  configurable: true,
  enumerable: false,
  get(this: IncomingMessage) {
    const lines: NodeJS.Dict<string[]> = Object.create(null);
    const { rawHeaders } = this;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      (lines[(rawHeaders[i] as string).toLowerCase()] ??= []).push(rawHeaders[i + 1] as string);
    }
    this.headersDistinct = lines;
    return lines;
  },
  set(this: IncomingMessage, value: NodeJS.Dict<string[]>) {
    Object.defineProperty(this, 'headersDistinct', { configurable: true, enumerable: false, writable: true, value });
  },
};
