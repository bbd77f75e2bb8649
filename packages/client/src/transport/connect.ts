import type { Socket } from 'node:net';
import { type Clock, LateenError } from '@lateen/core';
import type { ConnectionLifetime } from '@lateen/identity';

/** A connection that may carry requests: the peer has proved who it is, where it has to. */
export interface Established {
  readonly socket: Socket;
  /** Undefined where no certificate bounds it. */
  readonly lifetime: ConnectionLifetime | undefined;
}

/** Opens one connection. `done` is called once, never synchronously. */
export type Connect = (done: (error: Error | null, established: Established | null) => void) => void;

/** Where to dial and how long to wait for it. */
export interface DialTarget {
  readonly address: string;
  readonly port: number;
  readonly connectTimeoutMs: number;
  readonly clock: Clock;
}

export const KEEP_ALIVE_PROBE_MS = 60_000;

export function addressText({ address, port }: Pick<DialTarget, 'address' | 'port'>): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Waits for `event` on a fresh socket, at most the target's connect timeout; a late or failed socket is destroyed. */
export function whenConnected(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  target: DialTarget,
  done: (error: Error | null) => void,
): void {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
  const settle = (error: Error | null): void => {
    timer.cancel();
    socket.removeListener(event, onConnected);
    socket.removeListener('error', settleFailed);
    socket.removeListener('close', onClosed);
    if (error) socket.on('error', () => {}).destroy();
    done(error);
  };
  const onConnected = (): void => settle(null);
  const settleFailed = (cause: Error): void => settle(connectFailed(target, causeText(cause), cause));
  const onClosed = (): void => settle(connectFailed(target, 'closed during the handshake'));
  const timer = target.clock.setTimeout(
    () => settle(connectFailed(target, `no connection within ${target.connectTimeoutMs} ms`, timedOut())),
    target.connectTimeoutMs,
  );
  socket.once(event, onConnected).once('error', settleFailed).once('close', onClosed);
}

export function connectFailed(target: Pick<DialTarget, 'address' | 'port'>, why: string, cause?: unknown): LateenError {
  return new LateenError('LATEEN_CONNECT_FAILED', `no connection to ${addressText(target)}: ${why}`, {
    target: addressText(target),
    ...(cause === undefined ? {} : { cause }),
  });
}

function timedOut(): Error {
  return Object.assign(new Error('the connection timed out'), { code: 'ETIMEDOUT' });
}

/** Whether a failure is that of a connection that could not be made in time. */
export function isConnectTimeout(error: unknown): boolean {
  return error instanceof LateenError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT';
}

/** An attempt on several addresses fails with an AggregateError, whose own message is empty. */
function causeText(cause: Error): string {
  const first = cause instanceof AggregateError ? (cause.errors[0] as Error | undefined) : undefined;
  return (first ?? cause).message || (cause as NodeJS.ErrnoException).code || 'unknown reason';
}
