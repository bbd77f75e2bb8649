import type { HpackEncoder } from '../hpack/encoder.ts';
import { DEFAULT_FRAME_BYTES, FLAG_END_HEADERS, FLAG_END_STREAM, HEADERS } from '../protocol/frame-type.ts';
import type { FrameWriter } from './frame-writer.ts';
import { splitBlock } from './split-block.ts';

/** Writes field blocks as HEADERS and, where one frame is not enough, CONTINUATION. */
export class BlockWriter {
  readonly #writer: FrameWriter;
  readonly #encoder: HpackEncoder;
  readonly #schedule: () => void;

  constructor(writer: FrameWriter, encoder: HpackEncoder, schedule: () => void) {
    this.#writer = writer;
    this.#encoder = encoder;
    this.#schedule = schedule;
  }

  /** Begins a block; fields follow through the encoder, then {@link end}, or {@link abandon}. */
  begin(streamId: number, endStream: boolean): void {
    this.#writer.beginFrame(HEADERS, FLAG_END_HEADERS | (endStream ? FLAG_END_STREAM : 0), streamId);
    this.#encoder.begin();
  }

  end(streamId: number, endStream: boolean): void {
    if (this.#writer.payloadLength > DEFAULT_FRAME_BYTES) splitBlock(this.#writer, streamId, endStream);
    else this.#writer.endFrame();
    this.#schedule();
  }

  /** The block can't be sent after all. */
  abandon(): void {
    this.#writer.dropFrame();
    this.#encoder.abandon();
  }
}
