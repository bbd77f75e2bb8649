import { Duplex } from 'node:stream';
import type { Clock, Timer } from '@lateen/core';

/** One end of a connection within the process: what node:http needs of a socket, without a network. */
export class MemorySocket extends Duplex {
  readonly #clock: Clock;
  #other: MemorySocket | undefined;
  #unblock: (() => void) | undefined;
  #idleMs = 0;
  #idle: Timer | undefined;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  /** Makes the two ends of one connection. */
  static pair(clock: Clock): [MemorySocket, MemorySocket] {
    const one = new MemorySocket(clock);
    const other = new MemorySocket(clock);
    one.#other = other;
    other.#other = one;
    return [one, other];
  }

  /** Emits `timeout` after `idleMs` without traffic; 0 turns it off. */
  setTimeout(idleMs: number, listener?: () => void): this {
    this.#idleMs = idleMs;
    if (listener) this.once('timeout', listener);
    this.#touch();
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  override _read(): void {
    const unblock = this.#other?.takeBlocked();
    unblock?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#touch();
    const other = this.#other as MemorySocket;
    if (other.destroyed) return callback();
    if (other.receive(chunk)) callback();
    else this.#unblock = callback;
  }

  override _final(callback: () => void): void {
    if (!this.#other?.destroyed) this.#other?.push(null);
    callback();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#idle?.cancel();
    const other = this.#other;
    if (other && !other.destroyed) process.nextTick(() => other.#closedByPeer(this.writableFinished));
    callback(error);
  }

  /** What was sent before an orderly end is read first; after any other end nothing is. */
  #closedByPeer(isOrderly: boolean): void {
    if (isOrderly && !this.readableEnded) this.once('end', () => this.destroy());
    else this.destroy();
  }

  /** A chunk from the other end. False: it must wait until this end has been read. */
  receive(chunk: Buffer): boolean {
    this.#touch();
    return this.push(chunk);
  }

  takeBlocked(): (() => void) | undefined {
    const unblock = this.#unblock;
    this.#unblock = undefined;
    return unblock;
  }

  #touch(): void {
    this.#idle?.cancel();
    this.#idle = undefined;
    if (this.#idleMs > 0) this.#idle = this.#clock.setTimeout(() => this.emit('timeout'), this.#idleMs);
  }
}
