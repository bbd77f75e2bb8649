import { GOAWAY, PING, RST_STREAM, WINDOW_UPDATE } from '../protocol/frame-type.ts';
import type { FrameWriter } from './frame-writer.ts';

export function resetFrame(writer: FrameWriter, streamId: number, errorCode: number): void {
  writer.beginFrame(RST_STREAM, 0, streamId);
  writer.uint32(errorCode);
  writer.endFrame();
}

export function goawayFrame(writer: FrameWriter, errorCode: number, lastStream: number, reason: string): void {
  writer.beginFrame(GOAWAY, 0, 0);
  writer.uint32(lastStream);
  writer.uint32(errorCode);
  writer.bytes(Buffer.from(reason, 'latin1'));
  writer.endFrame();
}

/** `streamId` 0: the connection's window. */
export function windowUpdateFrame(writer: FrameWriter, streamId: number, increment: number): void {
  writer.beginFrame(WINDOW_UPDATE, 0, streamId);
  writer.uint32(increment);
  writer.endFrame();
}

/** `payload` of 8 bytes. */
export function pingFrame(writer: FrameWriter, flags: number, payload: Uint8Array): void {
  writer.beginFrame(PING, flags, 0);
  writer.bytes(payload);
  writer.endFrame();
}
