import type { Connection } from '../connection/connection.ts';
import type { EncoderName } from '../hpack/encoder-name.ts';
import { InvalidFieldError } from '../hpack/encoder.ts';
import type { DispatchRequest, RequestHeaders } from './dispatch.ts';

export interface RequestHeadOptions {
  readonly scheme: string;
  /** For requests that bring neither Host nor origin. */
  readonly authority: string;
}

const TARGET = /^(?:\/[^\0-\x20\x7f]*|\*)$/;
const PAYLOAD_METHODS: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'QUERY', 'PROPFIND', 'PROPPATCH']);

/**
 * Writes the fields of a request. Fields about a connection of HTTP/1.1 stay behind (RFC 9113 §8.2.2), Host becomes `:authority`.
 *
 * @param bodyBytes its length, -1 when it is not known.
 * @returns whether the request expects 100-continue. Throws {@link InvalidFieldError}.
 */
export function writeRequestHead(
  connection: Connection,
  request: DispatchRequest,
  bodyBytes: number,
  options: RequestHeadOptions,
): boolean {
  const { encoder } = connection;
  if (!TARGET.test(request.path)) throw new InvalidFieldError('path must start with a slash and hold no blanks');
  const flat = flatten(request.headers);
  let authority: string | undefined;
  let toldLength = -1;
  let expectsContinue = request.expectContinue === true;
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') authority = flat[i + 1] as string;
  }
  encoder.write(encoder.nameOf(':method'), request.method);
  encoder.write(encoder.nameOf(':scheme'), options.scheme);
  encoder.write(encoder.nameOf(':authority'), authority ?? authorityOf(request.origin) ?? options.authority);
  encoder.write(encoder.nameOf(':path'), request.path);
  for (let i = 0; i < flat.length; i += 2) {
    const name = encoder.nameOf(flat[i] as string);
    const value = flat[i + 1] as string | readonly string[];
    if (name.isConnectionSpecific || name.name === 'host') continue;
    if (name.name === 'te' && value !== 'trailers') continue;
    if (name.name === 'content-length') toldLength = Number(value);
    else if (name.name === 'expect') expectsContinue = expectsContinue || String(value).toLowerCase() === '100-continue';
    else if (name.name.charCodeAt(0) === 0x3a) throw new InvalidFieldError(`${name.name} can't be set as a header`);
    writeLines(connection, name, value);
  }
  if (toldLength >= 0 && bodyBytes >= 0 && toldLength !== bodyBytes) {
    throw new InvalidFieldError(`Content-Length says ${toldLength}, the body has ${bodyBytes} bytes`);
  }
  if (toldLength < 0 && (bodyBytes > 0 || (bodyBytes === 0 && PAYLOAD_METHODS.has(request.method)))) {
    encoder.write(encoder.nameOf('content-length'), String(bodyBytes));
  }
  return expectsContinue;
}

/** Fields behind a body. */
export function writeFields(connection: Connection, flat: readonly (string | readonly string[])[]): void {
  for (let i = 0; i < flat.length; i += 2) {
    const name = connection.encoder.nameOf(flat[i] as string);
    if (!name.isConnectionSpecific) writeLines(connection, name, flat[i + 1] as string | readonly string[]);
  }
}

function writeLines({ encoder }: Connection, name: EncoderName, value: string | readonly string[]): void {
  if (typeof value === 'string') encoder.write(name, trimmed(value));
  else for (const line of value) encoder.write(name, trimmed(String(line)));
}

/** Blanks at the ends are no part of a value (RFC 9110 §5.5). */
function trimmed(value: string): string {
  const { length } = value;
  if (length === 0 || (value.charCodeAt(0) > 0x20 && value.charCodeAt(length - 1) > 0x20)) return value;
  return value.replace(/^[ \t]+|[ \t]+$/g, '');
}

function flatten(headers: RequestHeaders | undefined): readonly (string | readonly string[])[] {
  if (!headers) return [];
  if (Array.isArray(headers)) {
    if (headers.length === 0 || typeof headers[0] === 'string') return headers;
    return (headers as unknown as [string, string][]).flat();
  }
  const flat: (string | readonly string[])[] = [];
  if (Symbol.iterator in headers) {
    for (const [name, value] of headers as Iterable<readonly [string, string | readonly string[] | undefined]>) {
      if (value !== undefined) flat.push(name, value);
    }
    return flat;
  }
  const record = headers as Readonly<Record<string, string | number | readonly string[] | undefined>>;
  for (const name in record) {
    const value = record[name];
    if (value !== undefined && value !== null) flat.push(name, typeof value === 'object' ? value : String(value));
  }
  return flat;
}

function authorityOf(origin: string | URL | undefined): string | undefined {
  if (origin === undefined) return undefined;
  if (typeof origin !== 'string') return origin.host;
  const start = origin.indexOf('//') + 2;
  const end = origin.indexOf('/', start);
  return end < 0 ? origin.slice(start) : origin.slice(start, end);
}
