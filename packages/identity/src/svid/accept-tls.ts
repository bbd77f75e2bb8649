import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type Clock, LateenError } from '@lateen/core';
import type { Svid } from '../svid.ts';
import { serverTlsOptions } from './tls-options.ts';

export interface AcceptTlsOptions {
  /** The certificate to show, read from the source for each connection: that is how a renewal reaches the server. */
  readonly svid: Svid;
  /** Best first. `['http/1.1']` */
  readonly alpnProtocols: readonly string[];
  readonly clock: Clock;
  /** Default 3000. */
  readonly handshakeTimeoutMs?: number;
}

const HANDSHAKE_TIMEOUT_MS = 3000;

/**
 * Wraps an accepted socket (not flowing; bytes already looked at may have been unshifted) and resolves when the handshake is done.
 * The peer is not checked yet: `checkPeerSocket` does that.
 *
 * @throws {LateenError} `LATEEN_PEER_REFUSED` when the handshake fails or takes too long; the socket is destroyed then.
 */
export function acceptTls(socket: Socket, options: AcceptTlsOptions): Promise<TLSSocket> {
  const timeoutMs = options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS;
  const secured = new TLSSocket(socket, serverTlsOptions(options.svid, options.alpnProtocols));
  return new Promise((resolve, reject) => {
    let failure: unknown;
    const timer = options.clock.setTimeout(() => {
      failure = new Error(`no TLS handshake within ${timeoutMs} ms`);
      secured.destroy();
      socket.destroy();
    }, timeoutMs);
    const settle = (): void => {
      timer.cancel();
      secured.off('secure', onSecure).off('close', onClose).off('error', onError);
    };
    const onSecure = (): void => {
      settle();
      resolve(secured);
    };
    const onError = (error: unknown): void => {
      failure ??= error;
    };
    const onClose = (): void => {
      settle();
      socket.destroy();
      reject(handshakeFailed(failure));
    };
    secured.on('secure', onSecure).on('error', onError).on('close', onClose);
  });
}

function handshakeFailed(cause: unknown): LateenError {
  const why = cause instanceof Error ? cause.message : 'the client went away';
  return new LateenError('LATEEN_PEER_REFUSED', `the TLS handshake failed: ${why}`, { cause });
}
