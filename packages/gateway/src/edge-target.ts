import type { IncomingMessage } from 'node:http';
import { normalizePath } from '@lateen/routing';

/** What a caller asks for, read without trusting it. */
export interface EdgeTarget {
  /** Host as written, port included. */
  readonly authority: string;
  /** Normalised, query included. */
  readonly path: string;
}

/** Names, addresses and a port; nothing that could mean something else to whoever reads it next. */
const AUTHORITY = /^(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?$/;
const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i;

/** The target of a request, or the status that refuses it. An absolute target beats the Host header. */
export function edgeTarget(request: IncomingMessage): EdgeTarget | number {
  if (hostLines(request.rawHeaders) > 1) return 400;
  const target = request.url ?? '/';
  const absolute = target.startsWith('/') ? null : ABSOLUTE.exec(target);
  const authority = absolute ? (absolute[1] as string) : (request.headers.host ?? '');
  if (!AUTHORITY.test(authority) || !URL.canParse(`http://${authority}`)) return 400;
  const path = normalizePath(absolute ? originForm(absolute[2] as string) : target);
  return path?.startsWith('/') ? { authority, path } : 400;
}

function originForm(rest: string): string {
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function hostLines(rawHeaders: readonly string[]): number {
  let lines = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') lines++;
  }
  return lines;
}
