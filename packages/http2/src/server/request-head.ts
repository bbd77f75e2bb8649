import {
  AUTHORITY,
  CONTENT_LENGTH,
  COOKIE,
  EXPECT,
  HOST,
  LAST_PSEUDO,
  MALFORMED,
  METHOD,
  PATH,
  PRIORITY,
  REGULAR,
  SCHEME,
} from '../hpack/field-kind.ts';
import type { FieldList } from '../hpack/field-list.ts';
import type { HeaderField } from '../hpack/header-field.ts';
import { isToken } from '../hpack/field-kind.ts';
import { readContentLength } from '../protocol/content-length.ts';

/** A request's fields as HTTP/1.1 would have them. */
export interface RequestHead {
  readonly method: string;
  /** The raw target; the authority for CONNECT. */
  readonly path: string;
  /** Flat pairs: Host first when only `:authority` told it, Cookie in one line. */
  readonly rawHeaders: string[];
  /** -1 where none was told. */
  readonly contentLength: number;
  readonly priority: string | undefined;
  readonly expect: string | undefined;
}

/** No blank, no control character: nothing that would end a request line of HTTP/1.1. */
const TARGET = /^[^\0-\x20\x7f#]+$/;
const SCHEME_TEXT = /^[A-Za-z][A-Za-z0-9+.-]*$/;
/** No user information (RFC 9113 §8.3.1), and nothing that isn't a host and port. */
const AUTHORITY_TEXT = /^[^\0-\x20\x7f@/?#\\]*$/;

/**
 * Reads a request (RFC 9113 §8.3.1). What is malformed comes back as a sentence.
 *
 * @param hasBody a body follows. Without a Content-Length it is shown as HTTP/1.1 would, by `transfer-encoding: chunked`, which is where
 *   applications look to learn that there is a body at all.
 */
export function readRequestHead(list: FieldList, hasBody: boolean): RequestHead | string {
  let method: string | undefined;
  let scheme: string | undefined;
  let authority: string | undefined;
  let path: string | undefined;
  let host: string | undefined;
  let priority: string | undefined;
  let expect: string | undefined;
  let cookieAt = -1;
  let contentLength = -1;
  const rawHeaders: string[] = [];
  for (let i = 0; i < list.length; i++) {
    const { kind, name, value } = list.fields[i] as HeaderField;
    if (kind === REGULAR) {
      rawHeaders.push(name, value);
      continue;
    }
    if (kind <= LAST_PSEUDO) {
      if (rawHeaders.length > 0) return 'a pseudo-field behind a field';
      if (kind === METHOD && method === undefined) method = value;
      else if (kind === SCHEME && scheme === undefined) scheme = value;
      else if (kind === AUTHORITY && authority === undefined) authority = value;
      else if (kind === PATH && path === undefined) path = value;
      else return `${name} twice, or in a request`;
      continue;
    }
    switch (kind) {
      case MALFORMED:
        return `a field that is not allowed (${JSON.stringify(name.slice(0, 40))})`;
      case HOST:
        if (host !== undefined && host !== value) return 'two Host fields';
        if (host === undefined) rawHeaders.push(name, value);
        host = value;
        continue;
      case COOKIE:
        if (cookieAt < 0) cookieAt = rawHeaders.push(name, value) - 1;
        else rawHeaders[cookieAt] += `; ${value}`;
        continue;
      case CONTENT_LENGTH:
        if (contentLength < 0) rawHeaders.push(name, value);
        contentLength = readContentLength(value, contentLength);
        if (contentLength === -2) return 'a Content-Length that is none';
        continue;
      case PRIORITY:
        priority = value;
        break;
      case EXPECT:
        expect = value;
        break;
    }
    rawHeaders.push(name, value);
  }
  if (method === undefined || !isToken(method)) return 'a request without :method';
  if (authority !== undefined && !AUTHORITY_TEXT.test(authority)) return 'an :authority that is none';
  if (method === 'CONNECT') {
    if (scheme !== undefined || path !== undefined || !authority) return 'CONNECT with a scheme or path, or to nobody';
    path = authority;
  } else {
    if (scheme === undefined || !SCHEME_TEXT.test(scheme)) return 'a request without :scheme';
    if (path === undefined || !isTarget(method, path)) return 'a request without :path';
  }
  if (authority && host !== undefined && host.toLowerCase() !== authority.toLowerCase()) return 'Host and :authority differ';
  if (host === undefined && authority) rawHeaders.unshift('host', authority);
  if (!hasBody && contentLength > 0) return 'less than its Content-Length';
  if (hasBody && contentLength < 0) rawHeaders.push('transfer-encoding', 'chunked');
  return { method, path, rawHeaders, contentLength, priority, expect };
}

function isTarget(method: string, path: string): boolean {
  if (path.charCodeAt(0) === 0x2f) return TARGET.test(path);
  return path === '*' && method === 'OPTIONS';
}
