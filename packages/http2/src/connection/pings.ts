import { pingFrame } from '../frame/control-frames.ts';
import type { Connection } from './connection.ts';

interface Outstanding {
  readonly number: number;
  readonly sentAt: number;
  readonly onAnswer: (rttMs: number) => void;
  readonly onLost: ((error: Error) => void) | undefined;
}

/** Weight of a new sample in the smoothed round trip, as in TCP (RFC 6298). */
const ALPHA = 1 / 8;

/** PING (RFC 9113 §6.7) as we send it, and the round trip that it shows. */
export class Pings {
  /** Smoothed; undefined before the first answer. Milliseconds. */
  rttMs: number | undefined;
  readonly #connection: Connection;
  readonly #outstanding: Outstanding[] = [];
  #number = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get waiting(): boolean {
    return this.#outstanding.length > 0;
  }

  send(onAnswer: (rttMs: number) => void, onLost?: (error: Error) => void): void {
    const { writer, clock } = this.#connection;
    const number = (this.#number = (this.#number + 1) >>> 0);
    this.#outstanding.push({ number, sentAt: clock.now(), onAnswer, onLost });
    const payload = Buffer.allocUnsafe(8);
    payload.writeUInt32BE(number, 0);
    payload.writeUInt32BE(number, 4);
    pingFrame(writer, 0, payload);
    this.#connection.scheduleFlush();
  }

  /** An answer; one to nothing we sent is ignored. */
  answered(payload: Buffer): void {
    const number = payload.readUInt32BE(0);
    const at = this.#outstanding.findIndex((ping) => ping.number === number);
    if (at < 0 || payload.readUInt32BE(4) !== number) return;
    const [ping] = this.#outstanding.splice(at, 1) as [Outstanding];
    const rttMs = this.#connection.clock.now() - ping.sentAt;
    this.rttMs = this.rttMs === undefined ? rttMs : this.rttMs + (rttMs - this.rttMs) * ALPHA;
    ping.onAnswer(rttMs);
  }

  fail(error: Error): void {
    for (const ping of this.#outstanding.splice(0)) ping.onLost?.(error);
  }
}
