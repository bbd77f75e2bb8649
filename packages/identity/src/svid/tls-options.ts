import type { ConnectionOptions, TLSSocketOptions } from 'node:tls';
import type { Svid } from '../svid.ts';

/** For `new tls.TLSSocket(socket, …)` on the accepting side. Prefer {@link acceptTls}, which also minds the handshake's end. */
export function serverTlsOptions(_svid: Svid, _alpnProtocols: readonly string[]): TLSSocketOptions {
  throw new Error('under construction');
}

/** For `tls.connect({ host, port, ...clientTlsOptions(svid, ['http/1.1']) })`; check with `checkPeerSocket` on `secureConnect`. */
export function clientTlsOptions(_svid: Svid, _alpnProtocols: readonly string[]): ConnectionOptions {
  throw new Error('under construction');
}
