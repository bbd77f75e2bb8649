import { tellWritten, type Written } from '../frame/frame-writer.ts';

/** Body bytes of one stream that wait for window or for the socket. */
export class OutgoingQueue {
  /** Bytes that wait. */
  bytes = 0;
  /** Nothing more will be added. */
  ended = false;
  /** All bytes that ever left; who watches for stalls compares it. */
  sent = 0;
  readonly #chunks: Buffer[] = [];
  readonly #listeners: (Written | undefined)[] = [];
  #head = 0;
  #offset = 0;

  get isEmpty(): boolean {
    return this.#head === this.#chunks.length;
  }

  add(chunk: Buffer, listener: Written | undefined): void {
    this.#chunks.push(chunk);
    this.#listeners.push(listener);
    this.bytes += chunk.length;
  }

  /** The next piece of at most `limit` bytes; `limit` > 0 unless what waits is empty chunks. */
  take(limit: number): Buffer {
    const chunk = this.#chunks[this.#head] as Buffer;
    const end = Math.min(chunk.length, this.#offset + limit);
    const piece = this.#offset === 0 && end === chunk.length ? chunk : chunk.subarray(this.#offset, end);
    this.#offset = end;
    this.bytes -= piece.length;
    this.sent += piece.length;
    return piece;
  }

  /** Who waits for the piece taken last, when it was the end of its chunk. */
  finishChunk(): Written | undefined {
    if (this.#offset < (this.#chunks[this.#head] as Buffer).length) return undefined;
    const listener = this.#listeners[this.#head];
    this.#offset = 0;
    if (++this.#head === this.#chunks.length || this.#head === 64) {
      this.#chunks.splice(0, this.#head);
      this.#listeners.splice(0, this.#head);
      this.#head = 0;
    }
    return listener;
  }

  /** Drops what waits and tells who wait for it. */
  fail(error: Error): void {
    const listeners = this.#listeners.slice(this.#head);
    this.#chunks.length = this.#listeners.length = this.#head = this.#offset = this.bytes = 0;
    for (const listener of listeners) if (listener) tellWritten(listener, error);
  }
}
