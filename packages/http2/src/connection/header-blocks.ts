import { FRAME_SIZE_ERROR, PROTOCOL_ERROR, ENHANCE_YOUR_CALM } from '../protocol/error-code.ts';
import { FLAG_END_HEADERS, FLAG_END_STREAM, FLAG_PADDED, FLAG_PRIORITY } from '../protocol/frame-type.ts';
import type { Http2Limits } from './limits.ts';

export interface BlockSink {
  /** A whole field block: `block[start, end)`. `dependsOnItself`: its priority names its own stream. */
  onBlock(streamId: number, endStream: boolean, block: Buffer, start: number, end: number, dependsOnItself: boolean): void;
  fail(errorCode: number, reason: string): void;
}

/** Puts HEADERS and its CONTINUATION frames together; a block within one frame is not copied. */
export class HeaderBlocks {
  readonly #sink: BlockSink;
  readonly #limits: Http2Limits;
  /** The stream whose block is not complete: nothing but its CONTINUATION may come. 0 for none. */
  openStream = 0;
  #endStream = false;
  #dependsOnItself = false;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(sink: BlockSink, limits: Http2Limits) {
    this.#sink = sink;
    this.#limits = limits;
  }

  onHeaders(flags: number, streamId: number, buffer: Buffer, from: number, to: number): void {
    if (streamId === 0) return this.#sink.fail(PROTOCOL_ERROR, 'HEADERS on stream 0');
    let start = from;
    let end = to;
    const fixed = ((flags & FLAG_PADDED) === 0 ? 0 : 1) + ((flags & FLAG_PRIORITY) === 0 ? 0 : 5);
    if (end - start < fixed) return this.#sink.fail(FRAME_SIZE_ERROR, 'HEADERS too short for its flags');
    if ((flags & FLAG_PADDED) !== 0) end -= buffer[start++] as number;
    let dependsOnItself = false;
    if ((flags & FLAG_PRIORITY) !== 0) {
      dependsOnItself = (buffer.readUInt32BE(start) & 0x7fffffff) === streamId;
      start += 5;
    }
    if (end < start) return this.#sink.fail(PROTOCOL_ERROR, 'padding longer than its frame');
    const endStream = (flags & FLAG_END_STREAM) !== 0;
    if ((flags & FLAG_END_HEADERS) !== 0) {
      if (end - start > this.#limits.maxHeaderBlockBytes) return this.#tooLarge();
      return this.#sink.onBlock(streamId, endStream, buffer, start, end, dependsOnItself);
    }
    this.openStream = streamId;
    this.#endStream = endStream;
    this.#dependsOnItself = dependsOnItself;
    this.#bytes = 0;
    this.#keep(buffer, start, end);
  }

  onContinuation(flags: number, streamId: number, buffer: Buffer, start: number, end: number): void {
    if (this.openStream === 0 || streamId !== this.openStream) {
      return this.#sink.fail(PROTOCOL_ERROR, 'CONTINUATION that continues nothing');
    }
    this.#keep(buffer, start, end);
    if ((flags & FLAG_END_HEADERS) === 0) {
      if (this.#parts.length > this.#limits.maxContinuations) this.#sink.fail(ENHANCE_YOUR_CALM, 'too many CONTINUATION frames');
      return;
    }
    const block = Buffer.concat(this.#parts);
    this.openStream = 0;
    this.#parts = [];
    this.#sink.onBlock(streamId, this.#endStream, block, 0, block.length, this.#dependsOnItself);
  }

  #keep(buffer: Buffer, start: number, end: number): void {
    this.#bytes += end - start;
    if (this.#bytes > this.#limits.maxHeaderBlockBytes) return this.#tooLarge();
    this.#parts.push(Buffer.from(buffer.subarray(start, end)));
  }

  #tooLarge(): void {
    this.#sink.fail(ENHANCE_YOUR_CALM, 'a field block beyond the limit');
  }
}
