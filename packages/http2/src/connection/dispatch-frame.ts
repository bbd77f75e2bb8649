import {
  errorCodeName,
  FLOW_CONTROL_ERROR,
  FRAME_SIZE_ERROR,
  NO_ERROR,
  PROTOCOL_ERROR,
  REFUSED_STREAM,
} from '../protocol/error-code.ts';
import {
  CONTINUATION,
  FLAG_ACK,
  GOAWAY,
  HEADERS,
  PING,
  PRIORITY,
  PRIORITY_UPDATE,
  PUSH_PROMISE,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from '../protocol/frame-type.ts';
import { Http2Error } from '../protocol/http2-error.ts';
import { pingFrame } from '../frame/control-frames.ts';
import type { Connection } from './connection.ts';
import { onPriorityUpdate } from './priority.ts';
import { onSettings } from './receive-settings.ts';

/** One frame other than DATA (RFC 9113 §6): `buffer[start, end)` is its payload. */
export function dispatchFrame(
  connection: Connection,
  type: number,
  flags: number,
  streamId: number,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  if (!connection.incoming.greeted && type !== SETTINGS)
    return connection.fail(PROTOCOL_ERROR, 'the first frame is not SETTINGS');
  if (connection.blocks.openStream !== 0 && type !== CONTINUATION) {
    return connection.fail(PROTOCOL_ERROR, 'a frame inside a field block');
  }
  switch (type) {
    case HEADERS:
      return connection.blocks.onHeaders(flags, streamId, buffer, start, end);
    case WINDOW_UPDATE:
      return onWindowUpdate(connection, streamId, buffer, start, end);
    case RST_STREAM:
      return onReset(connection, streamId, buffer, start, end);
    case SETTINGS:
      return onSettings(connection, flags, streamId, buffer, start, end);
    case PING:
      return onPing(connection, flags, streamId, buffer, start, end);
    case GOAWAY:
      return onGoaway(connection, streamId, buffer, start, end);
    case CONTINUATION:
      return connection.blocks.onContinuation(flags, streamId, buffer, start, end);
    case PRIORITY:
      return onPriority(connection, streamId, buffer, start, end);
    case PRIORITY_UPDATE:
      return onPriorityUpdate(connection, streamId, buffer, start, end);
    case PUSH_PROMISE:
      return connection.fail(PROTOCOL_ERROR, 'PUSH_PROMISE, and push is off');
    default:
      if (!connection.flood.allows('emptyFrames')) connection.calm('frames of unknown types');
  }
}

function onWindowUpdate(connection: Connection, streamId: number, buffer: Buffer, start: number, end: number): void {
  if (end - start !== 4) return connection.fail(FRAME_SIZE_ERROR, 'WINDOW_UPDATE without 4 bytes');
  if (!connection.flood.allows('windowUpdates')) return connection.calm('WINDOW_UPDATE frames');
  const increment = buffer.readUInt32BE(start) & 0x7fffffff;
  if (streamId === 0) {
    if (increment === 0) return connection.fail(PROTOCOL_ERROR, 'WINDOW_UPDATE by 0');
    if (!connection.sendFlow.widenConnection(increment)) connection.fail(FLOW_CONTROL_ERROR, 'a window beyond 2^31-1');
    return;
  }
  const stream = connection.streams.get(streamId);
  if (!stream) {
    if (connection.isIdle(streamId)) connection.fail(PROTOCOL_ERROR, 'WINDOW_UPDATE on an idle stream');
    return;
  }
  if (increment === 0) return connection.streamError(streamId, PROTOCOL_ERROR, 'WINDOW_UPDATE by 0');
  if (!connection.sendFlow.widen(stream, increment)) {
    connection.streamError(streamId, FLOW_CONTROL_ERROR, 'a window beyond 2^31-1');
  }
}

function onReset(connection: Connection, streamId: number, buffer: Buffer, start: number, end: number): void {
  if (end - start !== 4) return connection.fail(FRAME_SIZE_ERROR, 'RST_STREAM without 4 bytes');
  if (streamId === 0 || connection.isIdle(streamId)) return connection.fail(PROTOCOL_ERROR, 'RST_STREAM on an idle stream');
  if (!connection.flood.allows('resets')) return connection.calm('RST_STREAM frames');
  const stream = connection.streams.get(streamId);
  if (!stream) return;
  const errorCode = buffer.readUInt32BE(start);
  const processed = errorCode === REFUSED_STREAM ? 'no' : 'unknown';
  connection.closeStream(stream);
  stream.onBroken(
    new Http2Error(`the peer reset the stream (${errorCodeName(errorCode)})`, { errorCode, origin: 'remote', processed }),
  );
}

function onPing(connection: Connection, flags: number, streamId: number, buffer: Buffer, start: number, end: number): void {
  if (streamId !== 0) return connection.fail(PROTOCOL_ERROR, 'PING on a stream');
  if (end - start !== 8) return connection.fail(FRAME_SIZE_ERROR, 'PING without 8 bytes');
  const payload = buffer.subarray(start, end);
  if ((flags & FLAG_ACK) !== 0) return connection.pings.answered(payload);
  if (!connection.flood.allows('pings')) return connection.calm('PING frames');
  pingFrame(connection.writer, FLAG_ACK, payload);
  connection.countReply();
}

function onGoaway(connection: Connection, streamId: number, buffer: Buffer, start: number, end: number): void {
  if (streamId !== 0) return connection.fail(PROTOCOL_ERROR, 'GOAWAY on a stream');
  if (end - start < 8) return connection.fail(FRAME_SIZE_ERROR, 'GOAWAY without 8 bytes');
  if (!connection.flood.allows('settings')) return connection.calm('GOAWAY frames');
  const lastStream = buffer.readUInt32BE(start) & 0x7fffffff;
  const errorCode = buffer.readUInt32BE(start + 4);
  connection.events.onGoaway?.({ errorCode, lastStream, origin: 'remote' });
  if (errorCode !== NO_ERROR) connection.retired = true;
  connection.onGoaway(lastStream, errorCode);
}

/** Deprecated by RFC 9113 §5.3.2: checked, and otherwise without effect. */
function onPriority(connection: Connection, streamId: number, buffer: Buffer, start: number, end: number): void {
  if (streamId === 0) return connection.fail(PROTOCOL_ERROR, 'PRIORITY on stream 0');
  if (!connection.flood.allows('priorities')) return connection.calm('PRIORITY frames');
  if (end - start !== 5) return connection.streamError(streamId, FRAME_SIZE_ERROR, 'PRIORITY without 5 bytes');
  if ((buffer.readUInt32BE(start) & 0x7fffffff) === streamId) {
    connection.streamError(streamId, PROTOCOL_ERROR, 'a stream that depends on itself');
  }
}
