import { hashText, NO_HASH } from '@lateen/balancer';
import type { HashKey, RouteRequest } from '@lateen/routing';
import { cookieValue } from './hash-cookie.ts';

/** The caller of all requests that say nothing of another: this process. */
const OWN_ADDRESS_HASH = hashText('127.0.0.1');

/**
 * What a consistent hash goes by, as Envoy takes it: repeated lines of a header count together, in any order; a query parameter as it is written, its first
 * occurrence; of `x-forwarded-for` the last address, since the others are hearsay.
 *
 * @param madeCookie stands in for a cookie that the request does not bring; empty for none
 * @returns 32 bits, or `NO_HASH` when the request has nothing of the kind
 */
export function requestHash(key: HashKey | undefined, { headers, path }: RouteRequest, madeCookie = ''): number {
  switch (key?.kind) {
    case undefined:
      return NO_HASH;
    case 'header':
      return headerHash(headers, key.name);
    case 'cookie':
      return hashOrNone(cookieValue(headers, key.name) ?? (madeCookie || undefined));
    case 'query':
      return hashOrNone(queryValue(path, key.name));
    case 'source-ip':
      return sourceHash(headers);
  }
}

function hashOrNone(value: string | undefined): number {
  return value === undefined ? NO_HASH : hashText(value);
}

function headerHash(headers: readonly string[], name: string): number {
  let only: string | undefined;
  let all: string[] | undefined;
  for (let i = 0; i < headers.length; i += 2) {
    const line = headers[i] as string;
    if (line.length !== name.length || line.toLowerCase() !== name) continue;
    const value = headers[i + 1] as string;
    if (only === undefined) only = value;
    else (all ??= [only]).push(value);
  }
  return all ? hashText(all.sort().join('\0')) : hashOrNone(only);
}

function queryValue(path: string, name: string): string | undefined {
  const query = path.indexOf('?');
  if (query === -1) return undefined;
  for (const pair of path.slice(query + 1).split('&')) {
    const equals = pair.indexOf('=');
    if ((equals === -1 ? pair : pair.slice(0, equals)) === name) return equals === -1 ? '' : pair.slice(equals + 1);
  }
  return undefined;
}

function sourceHash(headers: readonly string[]): number {
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if ((headers[i] as string).toLowerCase() !== 'x-forwarded-for') continue;
    const value = headers[i + 1] as string;
    return hashText(value.slice(value.lastIndexOf(',') + 1).trim());
  }
  return OWN_ADDRESS_HASH;
}
