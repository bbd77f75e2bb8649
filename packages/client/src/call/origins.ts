import { LateenError } from '@lateen/core';

/** The origin of a request, taken apart once for all requests to it. */
export interface Origin {
  /** `http:` or `https:` URLs. */
  readonly scheme: 'http' | 'https';
  /** Without brackets around IPv6. */
  readonly hostname: string;
  readonly port: number;
  /** As the caller wrote it, without the scheme's own port: `reviews:9080`. */
  readonly authority: string;
}

const MAX_REMEMBERED = 1_024;
const remembered = new Map<string, Origin>();

/** @throws {LateenError} `LATEEN_BAD_OPTION` when it is no http or https URL. */
export function originOf(origin: string | URL | undefined): Origin {
  const text = typeof origin === 'string' ? origin : (origin?.origin ?? '');
  const known = remembered.get(text);
  if (known) return known;
  const parsed = parseOrigin(text);
  // Callers that make up hosts must not fill the memory.
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(text, parsed);
  return parsed;
}

function parseOrigin(text: string): Origin {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || !url.hostname) {
    throw new LateenError('LATEEN_BAD_OPTION', `${JSON.stringify(text)} is no origin to send a request to`, {
      hint: 'pass a URL such as http://reviews:9080',
    });
  }
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  return {
    scheme,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : scheme === 'https' ? 443 : 80,
    authority: url.host,
  };
}
