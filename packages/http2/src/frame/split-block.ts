import { CONTINUATION, DEFAULT_FRAME_BYTES, FLAG_END_HEADERS, FLAG_END_STREAM, HEADERS } from '../protocol/frame-type.ts';
import type { FrameWriter } from './frame-writer.ts';

/** Rewrites the block being written, which is too long for one frame, as HEADERS and CONTINUATION. */
export function splitBlock(writer: FrameWriter, streamId: number, endStream: boolean): void {
  const block = writer.takePayload();
  for (let at = 0; at < block.length; at += DEFAULT_FRAME_BYTES) {
    const next = Math.min(at + DEFAULT_FRAME_BYTES, block.length);
    const flags = (next === block.length ? FLAG_END_HEADERS : 0) | (at === 0 && endStream ? FLAG_END_STREAM : 0);
    writer.beginFrame(at === 0 ? HEADERS : CONTINUATION, flags, streamId);
    writer.bytes(block.subarray(at, next));
    writer.endFrame();
  }
}
