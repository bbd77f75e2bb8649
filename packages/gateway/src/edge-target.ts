import {
  type Http1Refusal,
  normalizePath,
  type ParsedHead,
  type PathNormalization,
  readRequestHead,
  REFUSALS,
} from '@lateen/core';

/** What a caller asks for, read without trusting it. */
export interface EdgeTarget {
  /** Where the mesh's client is to send it: the host as a URL, or one that nobody has where the host fits in none. */
  readonly origin: string;
  /** Host as written, port included; may be empty. */
  readonly authority: string;
  /** Normalised, query included. */
  readonly path: string;
}

/** What `new URL` reads as the same host. */
const PLAIN_AUTHORITY = /^(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?$/;
const NO_HOST = 'unroutable.invalid';

/** The target of a request, or the answer that refuses it. */
export function edgeTarget(request: ParsedHead, scheme: 'http' | 'https', mode: PathNormalization): EdgeTarget | Http1Refusal {
  const head = readRequestHead(request);
  if ('status' in head) return head;
  // CONNECT asks for no path: there is no rule that it could match.
  if (head.path === '') return REFUSALS.noPath;
  const path = normalizePath(head.path, mode);
  if (path === undefined) return REFUSALS.badPath;
  const { authority } = head;
  return { origin: `${scheme}://${hostOfOrigin(scheme, authority)}`, authority, path };
}

function hostOfOrigin(scheme: string, authority: string): string {
  return PLAIN_AUTHORITY.test(authority) && URL.canParse(`${scheme}://${authority}`) ? authority : NO_HOST;
}
