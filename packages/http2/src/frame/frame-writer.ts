import '../protocol/buffer-methods.ts';
import type { Writable } from 'node:stream';
import { DATA, DEFAULT_FRAME_BYTES, FLAG_END_STREAM, FRAME_HEADER_BYTES } from '../protocol/frame-type.ts';

/** Told when what was written has left for the socket, or never will: a function, or an object that exists anyway. */
export type Written = ((error?: Error | null) => void) | WrittenListener;

export interface WrittenListener {
  onWritten(error?: Error | null): void;
}

export function tellWritten(listener: Written, error?: Error | null): void {
  if (typeof listener === 'function') listener(error);
  else listener.onWritten(error);
}

const SLAB_BYTES = 65_536;
/** Payloads from here on are handed to the socket as they are; smaller ones are copied beside their frame header. */
const COPY_BELOW = 4096;

/**
 * Gathers the frames of a tick in one slab and hands them to the socket in one write.
 *
 * `buffer` and `offset` are open to the encoder, which writes field blocks in place; `ensure` before every write, since it may change both.
 */
export class FrameWriter {
  buffer: Buffer = Buffer.allocUnsafeSlow(0);
  offset = 0;
  /** Bytes that wait for `flush`. */
  pending = 0;
  readonly #socket: Writable;
  /** Where what was not handed over yet begins. */
  #start = 0;
  /** Where the frame being written begins; what lies before may be handed over. */
  #frame = 0;
  #chunks: Buffer[] = [];
  #listeners: Written[] = [];
  #batches: Written[][] = [];

  constructor(socket: Writable) {
    this.#socket = socket;
  }

  /** Bytes on their way: in this tick's batch and in the socket. */
  get backlog(): number {
    return this.pending + this.offset - this.#start + this.#socket.writableLength;
  }

  /** Room for `bytes` more in the slab. */
  ensure(bytes: number): void {
    if (this.offset + bytes > this.buffer.length) this.#turnPage(bytes);
  }

  /** A frame header whose length is filled in by {@link endFrame}. */
  beginFrame(type: number, flags: number, streamId: number): void {
    this.ensure(FRAME_HEADER_BYTES);
    this.#frame = this.offset;
    const { buffer } = this;
    let at = this.offset + 3;
    buffer[at++] = type;
    buffer[at++] = flags;
    buffer[at++] = streamId >>> 24;
    buffer[at++] = streamId >>> 16;
    buffer[at++] = streamId >>> 8;
    buffer[at++] = streamId;
    this.offset = at;
  }

  /** How long the payload of the frame being written is by now. */
  get payloadLength(): number {
    return this.offset - this.#frame - FRAME_HEADER_BYTES;
  }

  endFrame(): void {
    const length = this.payloadLength;
    const { buffer } = this;
    const at = this.#frame;
    buffer[at] = length >>> 16;
    buffer[at + 1] = length >>> 8;
    buffer[at + 2] = length;
    this.#frame = this.offset;
  }

  /** Takes back the frame being written. */
  dropFrame(): void {
    this.offset = this.#frame;
  }

  /** Takes back the frame being written and returns a copy of its payload. */
  takePayload(): Buffer {
    const payload = Buffer.from(this.buffer.subarray(this.#frame + FRAME_HEADER_BYTES, this.offset));
    this.offset = this.#frame;
    return payload;
  }

  bytes(source: Uint8Array): void {
    this.ensure(source.length);
    this.buffer.set(source, this.offset);
    this.offset += source.length;
  }

  uint32(value: number): void {
    this.ensure(4);
    const { buffer } = this;
    buffer[this.offset++] = value >>> 24;
    buffer[this.offset++] = value >>> 16;
    buffer[this.offset++] = value >>> 8;
    buffer[this.offset++] = value;
  }

  uint16(value: number): void {
    this.ensure(2);
    this.buffer[this.offset++] = value >>> 8;
    this.buffer[this.offset++] = value;
  }

  /** A whole DATA frame. A large payload must stay as it is until it was sent. */
  data(streamId: number, payload: Buffer, endStream: boolean): void {
    this.beginFrame(DATA, endStream ? FLAG_END_STREAM : 0, streamId);
    if (payload.length < COPY_BELOW) {
      this.bytes(payload);
      this.endFrame();
      return;
    }
    this.endFrame();
    this.#setLength(payload.length);
    this.#seal();
    this.#chunks.push(payload);
    this.pending += payload.length;
  }

  /** A whole DATA frame out of UTF-8 text of at most `DEFAULT_FRAME_BYTES` bytes. */
  text(streamId: number, text: string, endStream: boolean): void {
    this.ensure(FRAME_HEADER_BYTES + Math.min(text.length * 3, DEFAULT_FRAME_BYTES));
    this.beginFrame(DATA, endStream ? FLAG_END_STREAM : 0, streamId);
    this.offset += this.buffer.utf8Write(text, this.offset);
    this.endFrame();
  }

  /** `listener` hears when everything written by now has left. */
  whenWritten(listener: Written): void {
    this.#listeners.push(listener);
  }

  /** Hands over what was gathered. */
  flush(): void {
    this.#seal();
    const chunks = this.#chunks;
    if (chunks.length === 0) {
      if (this.#listeners.length > 0) this.#write(Buffer.allocUnsafe(0));
      return;
    }
    this.pending = 0;
    if (chunks.length === 1) {
      this.#write(chunks[0] as Buffer);
      chunks.length = 0;
      return;
    }
    this.#chunks = [];
    this.#socket.cork();
    for (let i = 0; i < chunks.length - 1; i++) this.#socket.write(chunks[i]);
    this.#write(chunks[chunks.length - 1] as Buffer);
    this.#socket.uncork();
  }

  /** Tells everyone who waits that nothing will leave any more. */
  fail(error: Error): void {
    const waiting = [...this.#batches.flat(), ...this.#listeners];
    this.#batches = [];
    this.#listeners = [];
    this.#chunks = [];
    this.pending = 0;
    this.offset = this.#start = this.#frame = 0;
    this.buffer = Buffer.allocUnsafeSlow(0);
    for (const listener of waiting) tellWritten(listener, error);
  }

  #write(chunk: Buffer): void {
    if (this.#listeners.length === 0) {
      this.#socket.write(chunk);
      return;
    }
    this.#batches.push(this.#listeners);
    this.#listeners = [];
    this.#socket.write(chunk, this.#onWritten);
  }

  /** Writes complete in order, so the oldest batch is the one that was told. */
  readonly #onWritten = (error?: Error | null): void => {
    const batch = this.#batches.shift();
    if (batch !== undefined) for (let i = 0; i < batch.length; i++) tellWritten(batch[i] as Written, error);
  };

  #setLength(length: number): void {
    const at = this.offset - FRAME_HEADER_BYTES;
    this.buffer[at] = length >>> 16;
    this.buffer[at + 1] = length >>> 8;
    this.buffer[at + 2] = length;
  }

  #seal(): void {
    if (this.offset === this.#start) return;
    this.#chunks.push(this.buffer.subarray(this.#start, this.offset));
    this.pending += this.offset - this.#start;
    this.#start = this.#frame = this.offset;
  }

  /** Goes on at the front of the slab when everything in it has left, else in a new one; the frame being written moves along. */
  #turnPage(bytes: number): void {
    const unfinished = this.buffer.subarray(this.#frame, this.offset);
    const { offset } = this;
    this.offset = this.#frame;
    this.#seal();
    const needed = unfinished.length + bytes;
    const allLeft = this.#chunks.length === 0 && this.#socket.writableLength === 0;
    if (allLeft && needed <= this.buffer.length && unfinished.length <= this.#frame) {
      this.buffer.copyWithin(0, offset - unfinished.length, offset);
    } else {
      // The first slab is small: most connections are idle ones.
      const size = this.buffer.length === 0 ? 4096 : SLAB_BYTES;
      this.buffer = Buffer.allocUnsafeSlow(needed > size ? needed * 2 : size);
      this.buffer.set(unfinished, 0);
    }
    this.#start = this.#frame = 0;
    this.offset = unfinished.length;
  }
}
