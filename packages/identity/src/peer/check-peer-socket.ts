import type { TLSSocket } from 'node:tls';
import type { PeerCheck, PeerCheckOptions } from './check-peer.ts';

/**
 * Decides whether the other end of a finished handshake may talk. Call it on `secure` (server) or `secureConnect` (client),
 * before any byte of HTTP is read or written; on refusal destroy the socket.
 */
export function checkPeerSocket(_socket: TLSSocket, _options: PeerCheckOptions): PeerCheck {
  throw new Error('under construction');
}
