import { CONTENT_LENGTH, LAST_PSEUDO, MALFORMED, STATUS } from '../hpack/field-kind.ts';
import type { FieldList } from '../hpack/field-list.ts';
import type { HeaderField } from '../hpack/header-field.ts';
import { readContentLength } from '../protocol/content-length.ts';
import type { ResponseHeaders } from './dispatch.ts';

/** What is wrong with a head, or undefined (RFC 9113 §8.3.2). */
export function responseProblem(list: FieldList): string | undefined {
  const first = list.fields[0] as HeaderField | undefined;
  if (list.length === 0 || first?.kind !== STATUS) return 'an answer that does not begin with :status';
  if (!/^[1-9][0-9][0-9]$/.test(first.value)) return 'a :status that is none';
  return trailerProblem(list, 1);
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
export function contentLengthOf(list: FieldList): number {
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
