/**
 * Header lines as flat pairs in their order: `[name, value, name, value, …]`, names as written, repeated lines kept.
 * Node's `rawHeaders` has this shape.
 */
export type RawHeaders = string[];

/** The first line's value; `lowerName` is lower case. */
export function headerValue(headers: readonly string[], lowerName: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.length === lowerName.length && (name === lowerName || name.toLowerCase() === lowerName)) return headers[i + 1];
  }
  return undefined;
}

/** All lines' values, in order. */
export function headerValues(headers: readonly string[], lowerName: string): string[] {
  const values: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    if ((headers[i] as string).toLowerCase() === lowerName) values.push(headers[i + 1] as string);
  }
  return values;
}

/** Takes all lines of that name out, in place. Returns whether there was one. */
export function removeHeader(headers: RawHeaders, lowerName: string): boolean {
  let kept = 0;
  for (let i = 0; i < headers.length; i += 2) {
    if ((headers[i] as string).toLowerCase() === lowerName) continue;
    headers[kept++] = headers[i] as string;
    headers[kept++] = headers[i + 1] as string;
  }
  const removed = kept !== headers.length;
  headers.length = kept;
  return removed;
}

/** Replaces all lines of that name by one. */
export function setHeader(headers: RawHeaders, lowerName: string, value: string): void {
  removeHeader(headers, lowerName);
  headers.push(lowerName, value);
}

/** Header objects as Node, undici and fetch take them. */
export type HeadersLike =
  | readonly string[]
  | Readonly<Record<string, string | readonly string[] | number | undefined>>
  | Iterable<readonly [string, string | readonly string[]]>
  | null
  | undefined;

/** Any of the usual shapes as a fresh flat list. */
export function toRawHeaders(headers: HeadersLike): RawHeaders {
  if (!headers) return [];
  const raw: RawHeaders = [];
  if (Array.isArray(headers) && (headers.length === 0 || typeof headers[0] === 'string')) return headers.slice() as RawHeaders;
  if (typeof (headers as Iterable<unknown>)[Symbol.iterator] === 'function') {
    for (const [name, value] of headers as Iterable<readonly [string, string | readonly string[]]>) pushLines(raw, name, value);
    return raw;
  }
  for (const name in headers as Record<string, unknown>) {
    pushLines(raw, name, (headers as Record<string, string | readonly string[] | number | undefined>)[name]);
  }
  return raw;
}

function pushLines(raw: RawHeaders, name: string, value: string | readonly string[] | number | undefined): void {
  if (value === undefined || value === null) return;
  if (typeof value === 'object') for (const line of value) raw.push(name, line);
  else raw.push(name, typeof value === 'string' ? value : String(value));
}
