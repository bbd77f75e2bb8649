import { CONTENT_LENGTH, LAST_PSEUDO, MALFORMED, STATUS } from '../hpack/field-kind.ts';
import type { FieldList } from '../hpack/field-list.ts';
import type { HeaderField } from '../hpack/header-field.ts';
import { readContentLength } from '../protocol/content-length.ts';
import type { ResponseHeaders } from './dispatch.ts';

export interface ResponseHead {
  readonly status: number;
  /** How long the body has to be; -1 where nothing tells. */
  readonly bodyBytes: number;
}

/** Reads the head of an answer (RFC 9113 §8.3.2). What is malformed comes back as a sentence. */
export function readResponseHead(list: FieldList, method: string, endStream: boolean): ResponseHead | string {
  const first = list.fields[0] as HeaderField | undefined;
  if (list.length === 0 || first?.kind !== STATUS) return 'an answer that does not begin with :status';
  if (!/^[1-9][0-9][0-9]$/.test(first.value)) return 'a :status that is none';
  const problem = trailerProblem(list, 1);
  if (problem) return problem;
  const status = Number(first.value);
  if (status < 200) {
    if (endStream) return 'an informational answer that ends the stream';
    return status === 101 ? '101 over HTTP/2' : { status, bodyBytes: -1 };
  }
  const length = contentLengthOf(list);
  if (length === -2) return 'a Content-Length that is none';
  const hasNoBody = status === 204 || status === 304 || method === 'HEAD';
  if (endStream && length > 0 && !hasNoBody) return 'less than its Content-Length';
  return { status, bodyBytes: hasNoBody ? 0 : length };
}

/** What is wrong with fields that may not be pseudo-fields, or undefined. */
export function trailerProblem(list: FieldList, from = 0): string | undefined {
  for (let i = from; i < list.length; i++) {
    const { kind, name } = list.fields[i] as HeaderField;
    if (kind === MALFORMED) return `a field that is not allowed (${JSON.stringify(name.slice(0, 40))})`;
    if (kind !== 0 && kind <= LAST_PSEUDO) return `${name} where it does not belong`;
  }
  return undefined;
}

/** -1 without one, -2 when they are no number or differ. */
function contentLengthOf(list: FieldList): number {
  let length = -1;
  for (let i = 0; i < list.length; i++) {
    const field = list.fields[i] as HeaderField;
    if (field.kind === CONTENT_LENGTH) length = readContentLength(field.value, length);
  }
  return length;
}

/** The fields from `from` on as undici gives them. */
export function headersOf(list: FieldList, from: number): ResponseHeaders {
  const headers: ResponseHeaders = {};
  for (let i = from; i < list.length; i++) {
    const { name, value } = list.fields[i] as HeaderField;
    const present = headers[name];
    if (present === undefined) headers[name] = value;
    else if (typeof present === 'string') headers[name] = [present, value];
    else if (Array.isArray(present)) present.push(value);
    // A name that every object inherits, like `constructor`.
    else Object.defineProperty(headers, name, { value, writable: true, enumerable: true, configurable: true });
  }
  return headers;
}
