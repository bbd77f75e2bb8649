import type { Random } from '@lateen/core';
import type { HashCookie, HashKey } from '@lateen/routing';

/** The value of a cookie that a request carries, without quotes. */
export function cookieValue(headers: readonly string[], name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    if ((headers[i] as string).length !== 6 || (headers[i] as string).toLowerCase() !== 'cookie') continue;
    for (const pair of (headers[i + 1] as string).split(';')) {
      const equals = pair.indexOf('=');
      if (equals === -1 || pair.slice(0, equals).trim() !== name) continue;
      const value = pair.slice(equals + 1).trim();
      return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
    }
  }
  return undefined;
}

/** What a caller without the cookie is given, so that it comes back to the same endpoint. Names nobody and is no secret. */
export function newCookieValue(random: Random): string {
  return (hex(random) + hex(random)).padStart(16, '0');
}

/** The value of the cookie to make for a request of a cluster that hashes by one; empty when it needs none. */
export function cookieToMake(key: HashKey | undefined, headers: readonly string[], random: Random): string {
  if (key?.kind !== 'cookie' || key.ttlSeconds === undefined) return '';
  return cookieValue(headers, key.name) === undefined ? newCookieValue(random) : '';
}

/** The `set-cookie` line, parts and order as Envoy's. */
export function setCookie({ name, path, ttlSeconds, attributes }: HashCookie, value: string): string {
  const parts = [`${name}="${value}"`];
  if (ttlSeconds) parts.push(`Max-Age=${ttlSeconds}`);
  if (path) parts.push(`Path=${path}`);
  return [...parts, ...attributes, 'HttpOnly'].join('; ');
}

function hex(random: Random): string {
  return random.int(0x1_0000_0000).toString(16).padStart(8, '0');
}
