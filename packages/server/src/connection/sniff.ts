import type { Socket } from 'node:net';
import type { Clock } from '@lateen/core';

/** First byte of a TLS handshake record. */
const TLS_HANDSHAKE = 0x16;

/**
 * Looks at a new connection's first byte and puts it back. The socket is paused afterwards, for whoever takes it to resume.
 *
 * @returns undefined when nothing came in time; the socket is destroyed then.
 */
export function sniffProtocol(socket: Socket, clock: Clock, timeoutMs: number): Promise<'tls' | 'plaintext' | undefined> {
  return new Promise((resolve) => {
    const settle = (protocol: 'tls' | 'plaintext' | undefined): void => {
      timer.cancel();
      socket.off('data', onData).off('close', onClose);
      resolve(protocol);
    };
    const onData = (first: Buffer): void => {
      socket.pause();
      socket.unshift(first);
      settle(first[0] === TLS_HANDSHAKE ? 'tls' : 'plaintext');
    };
    const onClose = (): void => settle(undefined);
    const timer = clock.setTimeout(() => {
      settle(undefined);
      socket.destroy();
    }, timeoutMs);
    socket.on('data', onData).on('close', onClose);
  });
}
