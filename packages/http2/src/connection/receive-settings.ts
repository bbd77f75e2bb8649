import { FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, PROTOCOL_ERROR } from '../protocol/error-code.ts';
import { FLAG_ACK, SETTINGS } from '../protocol/frame-type.ts';
import type { Connection } from './connection.ts';
import { applySetting } from './settings.ts';

/** SETTINGS (RFC 9113 §6.5): all of them take effect before the acknowledgement leaves. */
export function onSettings(
  connection: Connection,
  flags: number,
  streamId: number,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  const { remote, encoder, incoming } = connection;
  if (streamId !== 0) return connection.fail(PROTOCOL_ERROR, 'SETTINGS on a stream');
  if (!incoming.greeted && (flags & FLAG_ACK) !== 0)
    return connection.fail(PROTOCOL_ERROR, 'the first SETTINGS is an acknowledgement');
  if (!connection.flood.allows('settings')) return connection.calm('SETTINGS frames');
  if ((flags & FLAG_ACK) !== 0) {
    if (end !== start) return connection.fail(FRAME_SIZE_ERROR, 'an acknowledgement with settings');
    return onAcknowledged(connection);
  }
  if ((end - start) % 6 !== 0) return connection.fail(FRAME_SIZE_ERROR, 'SETTINGS of a broken length');
  const windowBefore = remote.initialWindowSize;
  for (let at = start; at < end; at += 6) {
    const id = buffer.readUInt16BE(at);
    const problem = applySetting(remote, id, buffer.readUInt32BE(at + 2));
    if (problem) return connection.fail(problem.errorCode, problem.reason);
    if (id === 1) encoder.setPeerTableSize(remote.headerTableSize);
  }
  if (remote.initialWindowSize !== windowBefore && !shiftWindows(connection, remote.initialWindowSize - windowBefore)) {
    return connection.fail(FLOW_CONTROL_ERROR, 'a window beyond 2^31-1');
  }
  connection.writer.beginFrame(SETTINGS, FLAG_ACK, 0);
  connection.writer.endFrame();
  connection.countReply();
  incoming.greeted = true;
  connection.onRemoteSettings();
}

function onAcknowledged(connection: Connection): void {
  if (connection.incoming.acknowledged) return;
  connection.incoming.acknowledged = true;
  connection.decoder.acknowledged(connection.local.headerTableSize);
}

/** RFC 9113 §6.9.2: windows of open streams move by the difference, below zero even. */
function shiftWindows(connection: Connection, difference: number): boolean {
  for (const stream of connection.streams.values()) {
    if (!connection.sendFlow.widen(stream, difference)) return false;
  }
  return true;
}
