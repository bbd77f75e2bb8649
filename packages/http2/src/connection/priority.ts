import '../protocol/buffer-methods.ts';
import { FRAME_SIZE_ERROR, PROTOCOL_ERROR } from '../protocol/error-code.ts';
import type { SendingStream } from '../flow/send-flow.ts';
import type { Connection } from './connection.ts';

/** RFC 9218 §4: the two parameters of the `priority` field that are known; what can't be read changes nothing. */
export function readPriority(value: string, stream: SendingStream): { urgency: number; incremental: boolean } {
  let { urgency } = stream;
  let incremental = false;
  for (const part of value.split(',')) {
    const [key, argument] = part.trim().split(';', 1)[0]?.split('=') ?? [];
    if (key === 'u' && argument !== undefined && /^[0-7]$/.test(argument)) urgency = Number(argument);
    else if (key === 'i') incremental = argument === undefined || argument === '?1';
  }
  return { urgency, incremental };
}

/** PRIORITY_UPDATE (RFC 9218 §7.1), sent by clients for a stream of theirs. */
export function onPriorityUpdate(connection: Connection, streamId: number, buffer: Buffer, start: number, end: number): void {
  if (streamId !== 0) return connection.fail(PROTOCOL_ERROR, 'PRIORITY_UPDATE on a stream');
  if (end - start < 4) return connection.fail(FRAME_SIZE_ERROR, 'PRIORITY_UPDATE without 4 bytes');
  if (!connection.flood.allows('priorities')) return connection.calm('PRIORITY_UPDATE frames');
  const stream = connection.streams.get(buffer.readUInt32BE(start) & 0x7fffffff);
  if (!stream) return;
  const { urgency, incremental } = readPriority(buffer.latin1Slice(start + 4, end), stream);
  connection.sendFlow.prioritize(stream, urgency, incremental);
}
