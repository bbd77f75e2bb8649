import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '@lateen/core';
import type { Svid } from '../svid.ts';

export interface AcceptTlsOptions {
  /** The certificate to show, read from the source for each connection: that is how a renewal reaches the server. */
  readonly svid: Svid;
  /** Best first. `['http/1.1']` */
  readonly alpnProtocols: readonly string[];
  readonly clock: Clock;
  /** Default 3000. */
  readonly handshakeTimeoutMs?: number;
}

/**
 * Wraps an accepted socket (paused; bytes already looked at may have been unshifted) and resolves when the handshake is done.
 * The peer is not checked yet: `checkPeerSocket` does that.
 *
 * @throws {LateenError} `LATEEN_PEER_REFUSED` when the handshake fails or takes too long; the socket is destroyed then.
 */
export function acceptTls(_socket: Socket, _options: AcceptTlsOptions): Promise<TLSSocket> {
  throw new Error('under construction');
}
