import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { type Principal, removeHeader } from '@lateen/core';

/** Tells the application who called. Set by the mesh alone; what a caller sends under this name is removed. */
export const FORWARDED_CLIENT_CERT = 'x-forwarded-client-cert';

/** Envoy's form of the header. Made once per connection. */
export function forwardedClientCert(ownId: string, socket: TLSSocket, principal: Principal): string {
  const hash = socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase() ?? '';
  return `By=${ownId};Hash=${hash};Subject="";URI=${principal.id}`;
}

/** Replaces all lines of a header, in `headers` and `rawHeaders` alike; an empty value only removes. */
export function replaceHeader(request: IncomingMessage, lowerName: string, value: string): void {
  if (request.headers[lowerName] !== undefined) {
    removeHeader(request.rawHeaders, lowerName);
    delete request.headers[lowerName];
  }
  if (value === '') return;
  request.rawHeaders.push(lowerName, value);
  request.headers[lowerName] = value;
}
