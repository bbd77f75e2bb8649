import { type Http1Refusal, REFUSALS } from './refusal.ts';

/** Whether a request that asks for another protocol may get it. Of HTTP/2 it is not asked this way any more: RFC 9113, 3.1. */
export function isUpgrade({ headers }: { readonly headers: { readonly upgrade?: string | undefined } }): boolean {
  return headers.upgrade?.toLowerCase() !== 'h2c';
}

/** What is looked at of a request that node has parsed. */
export interface ParsedHead {
  readonly httpVersion: string;
  readonly method?: string | undefined;
  /** The request target as it came. */
  readonly url?: string | undefined;
  /** Flat name-value pairs. */
  readonly rawHeaders: readonly string[];
}

/** Where a request wants to go, read without trusting it. */
export interface RequestTarget {
  /** The host as the caller wrote it, port included: an absolute target's before the `Host` header's. May be empty. */
  readonly authority: string;
  /** Origin form, not yet normalised. */
  readonly path: string;
}

/** Envoy's limit. */
const MAX_HEADER_LINES = 100;
/** What may stand in an authority by RFC 3986; everything else could mean something else to whoever reads it next. */
const AUTHORITY = /^[\w.~%!$&'()*+,;=:@[\]-]*$/;
const ABSOLUTE = /^https?:\/\/([^/?#]+)(.*)$/is;

/**
 * Reads the head of an HTTP/1.1 request as Envoy does: another version is refused, so is a transfer coding besides chunked, more than a
 * hundred header lines, and a target that is neither a path nor a URL. Several `Host` lines are one host that nobody has. For CONNECT
 * the target is the authority and the path empty.
 */
export function readRequestHead({ httpVersion, method, url = '', rawHeaders }: ParsedHead): RequestTarget | Http1Refusal {
  if (httpVersion !== '1.1') return httpVersion === '0.9' ? REFUSALS.badRequest : REFUSALS.upgradeRequired;
  if (rawHeaders.length > MAX_HEADER_LINES * 2) return REFUSALS.headersTooLarge;
  let host: string | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const value = rawHeaders[i + 1] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') host = host === undefined ? value : `${host},${value}`;
    else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding' && value.trim().toLowerCase() !== 'chunked') {
      return REFUSALS.notImplemented;
    }
  }
  if (method === 'CONNECT') return AUTHORITY.test(url) ? { authority: url, path: '' } : REFUSALS.badRequest;
  return url.startsWith('/') ? targetOf(host, url) : targetOfOddForm(host, url);
}

function targetOf(host: string | undefined, path: string): RequestTarget | Http1Refusal {
  if (host === undefined) return REFUSALS.noHost;
  return AUTHORITY.test(host) ? { authority: host, path } : REFUSALS.badRequest;
}

function targetOfOddForm(host: string | undefined, url: string): RequestTarget | Http1Refusal {
  if (url === '*') return host === undefined ? REFUSALS.noHost : REFUSALS.noPath;
  const [, authority, rest = ''] = ABSOLUTE.exec(url) ?? [];
  if (authority === undefined) return REFUSALS.badRequest;
  return targetOf(authority, rest.startsWith('/') ? rest : `/${rest}`);
}
