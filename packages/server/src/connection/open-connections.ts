import type { TLSSocket } from 'node:tls';
import type { Clock, Timer } from '@lateen/core';
import { checkPeerSocket, type ConnectionLifetime } from '@lateen/identity';
import type { InboundOptions } from '../inbound.ts';
import type { InboundConnection } from './inbound-connection.ts';

/** Why the mesh ends a connection that it had let in: label of `lateen_inbound_cut_total`. */
type CutReason = 'strict' | 'certificate_ended' | 'no_longer_trusted' | 'drain';

/**
 * The connections that requests may come on. Each ends when what let it in no longer holds: plaintext when the mode turns STRICT, mTLS at the
 * end of the shorter certificate or when the bundles no longer vouch for the peer.
 */
export class OpenConnections {
  readonly #clock: Clock;
  readonly #cut;
  readonly #open = new Set<InboundConnection>();
  readonly #unsubscribe: (() => void)[];

  constructor({ clock, metrics, mode, identity }: InboundOptions) {
    this.#clock = clock;
    this.#cut = metrics.counter({
      name: 'lateen_inbound_cut_total',
      help: 'Connections ended by the mesh after requests could come on them',
      labelNames: ['reason'],
    });
    this.#unsubscribe = [mode.subscribe((now) => now === 'STRICT' && this.#endPlaintext())];
    if (identity) {
      const { bundles } = identity;
      const isTrusted = ({ socket }: InboundConnection): boolean =>
        checkPeerSocket(socket as TLSSocket, {
          bundles: bundles.value,
          nowWallMs: clock.wallNow(),
          direction: 'inbound',
        }).ok;
      this.#unsubscribe.push(bundles.subscribe(() => this.#endDistrusted(isTrusted)));
    }
  }

  get size(): number {
    return this.#open.size;
  }

  /** Keeps a connection until it closes; with a lifetime, no longer than that. */
  add(connection: InboundConnection, lifetime?: ConnectionLifetime): void {
    this.#open.add(connection);
    const timer = lifetime && this.#limit(connection, lifetime);
    connection.socket.once('close', () => {
      this.#open.delete(connection);
      timer?.cancel();
    });
  }

  /** Ends those that serve nothing at the moment. */
  endIdle(): void {
    for (const { active, socket } of this.#open) if (active === 0) socket.destroy();
  }

  endAll(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const connection of this.#open) {
      if (connection.active > 0) this.#end(connection, 'drain');
      else connection.socket.destroy();
    }
  }

  #limit(connection: InboundConnection, { retireInMs, cutInMs }: ConnectionLifetime): Timer {
    const now = this.#clock.now();
    connection.retireAt = now + retireInMs;
    return this.#endAt(connection, now + cutInMs);
  }

  /** A timer may ring early where the wait is longer than a timer can be; then it looks again. */
  #endAt(connection: InboundConnection, atMs: number): Timer {
    let timer: Timer;
    const look = (): void => {
      const leftMs = atMs - this.#clock.now();
      if (leftMs <= 0) this.#end(connection, 'certificate_ended');
      else timer = this.#clock.setTimeout(look, leftMs);
    };
    timer = this.#clock.setTimeout(look, Math.max(0, atMs - this.#clock.now()));
    return { cancel: () => timer.cancel() };
  }

  #endPlaintext(): void {
    for (const connection of this.#open) if (!connection.principal) this.#end(connection, 'strict');
  }

  #endDistrusted(isTrusted: (connection: InboundConnection) => boolean): void {
    for (const connection of this.#open) {
      if (connection.principal && !isTrusted(connection)) this.#end(connection, 'no_longer_trusted');
    }
  }

  #end(connection: InboundConnection, reason: CutReason): void {
    connection.endFlag = 'LR';
    connection.socket.destroy();
    this.#cut.inc({ reason });
  }
}
