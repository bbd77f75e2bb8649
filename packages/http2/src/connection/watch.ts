import type { Timer } from '@lateen/core';
import { CANCEL, INTERNAL_ERROR, NO_ERROR, SETTINGS_TIMEOUT } from '../protocol/error-code.ts';
import { Http2Error } from '../protocol/http2-error.ts';
import type { Connection } from './connection.ts';
import type { Http2Stream } from './http2-stream.ts';

const TICK_MS = 500;
/** Silence with requests in flight is questioned after so many round trips, within the bounds below. */
const SILENCE_ROUND_TRIPS = 8;
const MIN_SILENCE_MS = 500;
const MAX_SILENCE_MS = 10_000;

/**
 * Looks after a connection now and then, as long as there is something to look after: a handshake that isn't complete, streams in flight, bytes that the
 * peer doesn't take, idleness. No timer runs for an idle connection that may stay idle.
 */
export class Watch {
  /** Something came since the last look. */
  heard = false;
  /** Also asks a silent peer, by PING, whether it is alive. */
  checksLiveness = false;
  readonly #connection: Connection;
  #timer: Timer | undefined;
  #startedAt = 0;
  #heardAt = 0;
  #idleSince = -1;
  #messageSince = -1;
  #pingedAt = -1;
  readonly #stalls = new Map<Http2Stream | 'socket', { seen: number; since: number }>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Call when a stream opens. */
  start(): void {
    if (this.#timer || this.#connection.closed) return;
    const now = this.#connection.clock.now();
    if (this.#startedAt === 0) this.#startedAt = now;
    this.#heardAt = now;
    this.#idleSince = -1;
    this.#schedule();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#stalls.clear();
  }

  #schedule(): void {
    this.#timer = this.#connection.clock.setTimeout(this.#look, TICK_MS);
  }

  readonly #look = (): void => {
    const connection = this.#connection;
    const now = connection.clock.now();
    this.#timer = undefined;
    if (this.heard) {
      this.heard = false;
      this.#heardAt = now;
      this.#pingedAt = -1;
    }
    connection.incoming.widen();
    this.#checkHandshake(now);
    this.#checkMessage(now);
    this.#checkIdle(now);
    this.#checkStalls(now);
    this.#checkLiveness(now);
    if (!connection.closed && this.#isNeeded()) this.#schedule();
  };

  #isNeeded(): boolean {
    const { streams, limits, incoming, socket, midMessage } = this.#connection;
    const maySit = limits.idleTimeoutMs === Number.POSITIVE_INFINITY;
    return streams.size > 0 || !maySit || !incoming.greeted || socket.writableLength > 0 || midMessage;
  }

  #checkHandshake(now: number): void {
    const { incoming, limits } = this.#connection;
    if (incoming.greeted || now - this.#startedAt < limits.handshakeTimeoutMs) return;
    this.#end(SETTINGS_TIMEOUT, 'the peer sent no SETTINGS in time');
  }

  /** A frame or a field block that dribbles in. Bodies may: their frames count as whole piece by piece. */
  #checkMessage(now: number): void {
    const { blocks, limits } = this.#connection;
    if (blocks.openStream === 0) this.#messageSince = -1;
    else if (this.#messageSince < 0) this.#messageSince = now;
    else if (now - this.#messageSince >= limits.handshakeTimeoutMs) this.#end(CANCEL, 'a field block did not end in time');
  }

  #checkIdle(now: number): void {
    const { streams, limits } = this.#connection;
    if (streams.size > 0) this.#idleSince = -1;
    else if (this.#idleSince < 0) this.#idleSince = now;
    else if (now - this.#idleSince >= limits.idleTimeoutMs) this.#end(NO_ERROR, 'idle');
  }

  #checkStalls(now: number): void {
    const { streams, socket } = this.#connection;
    const taken = (socket as { bytesWritten?: number }).bytesWritten ?? 0;
    if (this.#isStalled('socket', socket.writableLength > 0, taken - socket.writableLength, now)) {
      return this.#connection.destroy(this.#error(INTERNAL_ERROR, 'the peer takes no bytes', 'HTTP2_TIMEOUT'));
    }
    for (const stream of streams.values()) {
      const { outgoing } = stream;
      if (!this.#isStalled(stream, outgoing !== undefined && !outgoing.isEmpty, outgoing?.sent ?? 0, now)) continue;
      this.#connection.resetStream(stream, CANCEL, this.#error(CANCEL, 'the peer keeps its window closed', 'HTTP2_TIMEOUT'));
    }
    for (const key of this.#stalls.keys()) if (key !== 'socket' && key.closed) this.#stalls.delete(key);
  }

  #isStalled(key: Http2Stream | 'socket', waits: boolean, seen: number, now: number): boolean {
    const known = this.#stalls.get(key);
    if (!waits) {
      if (known) this.#stalls.delete(key);
      return false;
    }
    if (known?.seen !== seen) this.#stalls.set(key, { seen, since: now });
    else if (now - known.since >= this.#connection.limits.stallTimeoutMs) {
      this.#stalls.delete(key);
      return true;
    }
    return false;
  }

  /** A dead peer is found within twice the silence that its round trip justifies. */
  #checkLiveness(now: number): void {
    const { streams, pings, closed } = this.#connection;
    if (!this.checksLiveness || closed || streams.size === 0) return;
    const silenceMs = Math.min(Math.max((pings.rttMs ?? 0) * SILENCE_ROUND_TRIPS, MIN_SILENCE_MS), MAX_SILENCE_MS);
    if (this.#pingedAt >= 0) {
      if (now - this.#pingedAt < silenceMs) return;
      this.#connection.destroy(this.#error(INTERNAL_ERROR, 'the peer does not answer PING', 'HTTP2_CONNECTION_LOST'));
    } else if (now - this.#heardAt >= silenceMs) {
      this.#pingedAt = now;
      pings.send(() => {});
    }
  }

  #end(errorCode: number, reason: string): void {
    this.#connection.end(this.#error(errorCode, reason, 'HTTP2_TIMEOUT'));
  }

  #error(errorCode: number, reason: string, code: string): Http2Error {
    return new Http2Error(reason, { errorCode, origin: 'local' }, code);
  }
}
