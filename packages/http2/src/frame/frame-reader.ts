import { FRAME_SIZE_ERROR, PROTOCOL_ERROR } from '../protocol/error-code.ts';
import { DATA, FLAG_END_STREAM, FLAG_PADDED, FRAME_HEADER_BYTES } from '../protocol/frame-type.ts';

/** Who is told what arrives. */
export interface FrameSink {
  /** A DATA frame begins; `length` counts all of its payload, as flow control does. Its bytes follow piece by piece. */
  onDataFrame(streamId: number, length: number, endStream: boolean): void;
  /** A piece of the DATA frame that began last, without padding. */
  onDataPiece(piece: Buffer): void;
  /** The DATA frame that began last is complete. `unused`: bytes of padding and the pad length. */
  onDataFrameEnd(endStream: boolean, unused: number): void;
  /** Any other frame, whole: its payload is `buffer[start, end)`, which holds only until the call returns. */
  onFrame(type: number, flags: number, streamId: number, buffer: Buffer, start: number, end: number): void;
  /** What arrives is no HTTP/2. Nothing more is read. */
  onUnreadable(errorCode: number, reason: string): void;
}

const NOTHING = Buffer.alloc(0);

/**
 * Cuts what arrives into frames without copying it. Only a frame (other than DATA) that lies across two reads is put together, in a buffer of its own size.
 */
export class FrameReader {
  /** The largest payload we allow: our SETTINGS_MAX_FRAME_SIZE. */
  readonly #maxFrameBytes: number;
  readonly #sink: FrameSink;
  #stopped = false;
  /** The beginning of a frame that is not whole yet. */
  #partial: Buffer = NOTHING;
  #partialLength = 0;
  #inData = false;
  #dataLeft = 0;
  #padLengthPending = false;
  #padLeft = 0;
  #unused = 0;
  #endStream = false;

  constructor(sink: FrameSink, maxFrameBytes: number) {
    this.#sink = sink;
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Whether a frame has begun and is not whole yet. */
  get midFrame(): boolean {
    return this.#inData || this.#partialLength > 0;
  }

  stop(): void {
    this.#stopped = true;
    this.#partial = NOTHING;
  }

  read(chunk: Buffer): void {
    const end = chunk.length;
    let at = 0;
    while (at < end && !this.#stopped) {
      if (this.#inData) at = this.#readData(chunk, at, end);
      else if (this.#partialLength > 0) at = this.#complete(chunk, at, end);
      else if (end - at < FRAME_HEADER_BYTES) {
        this.#keep(chunk, at, end, FRAME_HEADER_BYTES);
        return;
      } else {
        const length = this.#lengthAt(chunk, at);
        if (length < 0) return;
        if (chunk[at + 3] === DATA) {
          this.#beginData(chunk, at, length);
          at += FRAME_HEADER_BYTES;
        } else {
          const next = at + FRAME_HEADER_BYTES + length;
          if (next > end) {
            this.#keep(chunk, at, end, next - at);
            return;
          }
          this.#deliver(chunk, at, next);
          at = next;
        }
      }
    }
  }

  /** The frame's payload length; -1 when it is more than we allow. */
  #lengthAt(buffer: Buffer, at: number): number {
    const length = ((buffer[at] as number) << 16) | ((buffer[at + 1] as number) << 8) | (buffer[at + 2] as number);
    if (length <= this.#maxFrameBytes) return length;
    this.#refuse(FRAME_SIZE_ERROR, `a frame of ${length} bytes`);
    return -1;
  }

  #deliver(buffer: Buffer, at: number, next: number): void {
    this.#sink.onFrame(
      buffer[at + 3] as number,
      buffer[at + 4] as number,
      streamIdAt(buffer, at + 5),
      buffer,
      at + FRAME_HEADER_BYTES,
      next,
    );
  }

  #keep(chunk: Buffer, at: number, end: number, wanted: number): void {
    this.#partial = Buffer.allocUnsafe(wanted);
    this.#partialLength = chunk.copy(this.#partial, 0, at, end);
  }

  /** Adds to the frame that began in an earlier read; returns where the chunk goes on. */
  #complete(chunk: Buffer, at: number, end: number): number {
    const partial = this.#partial;
    const copied = chunk.copy(partial, this.#partialLength, at, Math.min(end, at + partial.length - this.#partialLength));
    this.#partialLength += copied;
    if (this.#partialLength < partial.length) return end;
    if (partial.length > FRAME_HEADER_BYTES) {
      this.#partialLength = 0;
      this.#partial = NOTHING;
      this.#deliver(partial, 0, partial.length);
    } else this.#beginPartial(partial);
    return at + copied;
  }

  /** The frame header that lay across two reads is whole. */
  #beginPartial(header: Buffer): void {
    const length = this.#lengthAt(header, 0);
    if (length < 0) return;
    if (header[3] === DATA || length === 0) {
      this.#partialLength = 0;
      this.#partial = NOTHING;
      if (header[3] === DATA) this.#beginData(header, 0, length);
      else this.#deliver(header, 0, FRAME_HEADER_BYTES);
    } else {
      this.#partial = Buffer.allocUnsafe(FRAME_HEADER_BYTES + length);
      header.copy(this.#partial);
    }
  }

  #beginData(buffer: Buffer, at: number, length: number): void {
    const flags = buffer[at + 4] as number;
    this.#inData = true;
    this.#endStream = (flags & FLAG_END_STREAM) !== 0;
    this.#dataLeft = length;
    this.#padLeft = 0;
    this.#unused = 0;
    this.#padLengthPending = (flags & FLAG_PADDED) !== 0;
    if (this.#padLengthPending && length === 0) return this.#refuse(FRAME_SIZE_ERROR, 'a padded frame without a pad length');
    this.#sink.onDataFrame(streamIdAt(buffer, at + 5), length, this.#endStream);
    if (length === 0) this.#endData();
  }

  #readData(chunk: Buffer, from: number, end: number): number {
    let at = from;
    if (this.#padLengthPending) {
      this.#padLeft = chunk[at++] as number;
      this.#padLengthPending = false;
      this.#unused = this.#padLeft + 1;
      this.#dataLeft -= this.#unused;
      if (this.#dataLeft < 0) {
        this.#refuse(PROTOCOL_ERROR, 'padding longer than its frame');
        return end;
      }
    }
    if (this.#dataLeft > 0 && at < end) {
      const next = Math.min(end, at + this.#dataLeft);
      this.#dataLeft -= next - at;
      this.#sink.onDataPiece(chunk.subarray(at, next));
      at = next;
    }
    if (this.#dataLeft === 0) {
      const padding = Math.min(end - at, this.#padLeft);
      this.#padLeft -= padding;
      at += padding;
      if (this.#padLeft === 0) this.#endData();
    }
    return at;
  }

  #endData(): void {
    this.#inData = false;
    if (!this.#stopped) this.#sink.onDataFrameEnd(this.#endStream, this.#unused);
  }

  #refuse(errorCode: number, reason: string): void {
    this.stop();
    this.#sink.onUnreadable(errorCode, reason);
  }
}

function streamIdAt(buffer: Buffer, at: number): number {
  return (
    (((buffer[at] as number) & 0x7f) << 24) |
    ((buffer[at + 1] as number) << 16) |
    ((buffer[at + 2] as number) << 8) |
    (buffer[at + 3] as number)
  );
}
