import { HpackError } from '../hpack/decoder.ts';
import { COMPRESSION_ERROR, PROTOCOL_ERROR, STREAM_CLOSED } from '../protocol/error-code.ts';
import type { Connection } from './connection.ts';

/** A field block: a new stream, an answer, or trailers. It is decoded in any case, since both tables must stay the same. */
export function onBlock(
  connection: Connection,
  streamId: number,
  endStream: boolean,
  block: Buffer,
  start: number,
  end: number,
  dependsOnItself: boolean,
): void {
  const { fields } = connection;
  fields.clear();
  try {
    connection.decoder.decode(block, start, end, fields);
  } catch (error) {
    if (!(error instanceof HpackError)) throw error;
    return connection.fail(COMPRESSION_ERROR, error.message);
  }
  const stream = connection.streams.get(streamId);
  if (stream) {
    if (stream.remoteEnded) return connection.streamError(streamId, STREAM_CLOSED, 'HEADERS behind the end of the stream');
    if (dependsOnItself) return connection.streamError(streamId, PROTOCOL_ERROR, 'a stream that depends on itself');
    return stream.onFields(fields, endStream);
  }
  if (connection.isIdle(streamId)) {
    connection.acceptStream(streamId, fields, endStream);
    if (dependsOnItself) connection.streamError(streamId, PROTOCOL_ERROR, 'a stream that depends on itself');
  } else if (!connection.resetByUs.has(streamId)) connection.fail(STREAM_CLOSED, 'HEADERS on a closed stream');
}
