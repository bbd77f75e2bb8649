import type { TLSSocket } from 'node:tls';
import type { Principal } from '@lateen/core';

/** Tells the application who called. Set by the mesh alone; what a caller sends under this name is removed. */
export const FORWARDED_CLIENT_CERT = 'x-forwarded-client-cert';

/** Envoy's form of the header. Made once per connection. */
export function forwardedClientCert(ownId: string, socket: TLSSocket, principal: Principal): string {
  const hash = socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase() ?? '';
  return `By=${ownId};Hash=${hash};Subject="";URI=${principal.id}`;
}
