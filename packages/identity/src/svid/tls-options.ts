import type { ConnectionOptions, TLSSocketOptions } from 'node:tls';
import type { Svid } from '../svid.ts';

/**
 * For `new tls.TLSSocket(socket, …)` on the accepting side. `rejectUnauthorized` is off because `checkPeerSocket` decides, and
 * says why. Prefer {@link acceptTls}, which also minds the handshake's end.
 */
export function serverTlsOptions(svid: Svid, alpnProtocols: readonly string[]): TLSSocketOptions {
  return {
    isServer: true,
    secureContext: svid.secureContext,
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: [...alpnProtocols],
  };
}

/**
 * For `tls.connect({ host, port, ...clientTlsOptions(svid, ['http/1.1']) })`; check with `checkPeerSocket` on `secureConnect`.
 * No session is ever offered, no server name sent: who the server is stands in its SPIFFE ID.
 */
export function clientTlsOptions(svid: Svid, alpnProtocols: readonly string[]): ConnectionOptions {
  return {
    secureContext: svid.secureContext,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ALPNProtocols: [...alpnProtocols],
    servername: '',
  };
}
