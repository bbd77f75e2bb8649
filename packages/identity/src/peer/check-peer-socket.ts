import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { checkPeer, type PeerCheck, type PeerCheckOptions, type PeerRefusal } from './check-peer.ts';

const MAX_PRESENTED = 4;

/**
 * Decides whether the other end of a finished handshake may talk. Call it on `secure` (server) or `secureConnect` (client),
 * before any byte of HTTP is read or written; on refusal destroy the socket.
 *
 * Never trusts `socket.authorized`: a resumed session keeps it although the certificate has ended, and it looks at one merged
 * list of authorities.
 */
export function checkPeerSocket(socket: TLSSocket, options: PeerCheckOptions): PeerCheck {
  const peer = options.direction === 'inbound' ? 'the client' : 'the server';
  const refuse = (reason: PeerRefusal, message: string): PeerCheck => ({ ok: false, reason, message: `${peer} ${message}` });
  if (socket.isSessionReused()) return refuse('resumed_session', 'resumed a TLS session, which proves no identity');
  if (socket.getProtocol() !== 'TLSv1.3')
    return refuse('wrong_protocol', `speaks ${socket.getProtocol() ?? 'no TLS'}, not TLS 1.3`);
  const leaf = socket.getPeerX509Certificate();
  if (!leaf) return refuse('no_certificate', 'showed no certificate');
  return checkPeer({ leaf, intermediates: presentedBeside(leaf) }, options);
}

/** May be empty on the server side of some Node releases (24.21, 26.8): bundles therefore hold the intermediates too. */
function presentedBeside(leaf: X509Certificate): readonly X509Certificate[] {
  const beside: X509Certificate[] = [];
  let next = leaf.issuerCertificate;
  while (next && beside.length < MAX_PRESENTED) {
    beside.push(next);
    next = next.issuerCertificate;
  }
  return beside;
}
