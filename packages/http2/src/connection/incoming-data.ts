import { BandwidthDelay } from '../flow/bandwidth-delay.ts';
import { ReceiveFlow } from '../flow/receive-flow.ts';
import { ReceiveWindow } from '../flow/receive-window.ts';
import { windowUpdateFrame } from '../frame/control-frames.ts';
import type { FrameSink } from '../frame/frame-reader.ts';
import { FLOW_CONTROL_ERROR, PROTOCOL_ERROR, STREAM_CLOSED } from '../protocol/error-code.ts';
import type { Connection } from './connection.ts';
import type { Http2Stream } from './http2-stream.ts';

/** The receiving half of a connection: DATA, and the windows that it is given back. */
export interface IncomingData {
  readonly frames: Pick<FrameSink, 'onDataFrame' | 'onDataPiece' | 'onDataFrameEnd'>;
  /** The peer's SETTINGS have come. */
  greeted: boolean;
  /** Ours were acknowledged. */
  acknowledged: boolean;
  readonly buffered: number;
  /** Opens the connection's window to its size. */
  widen(): void;
  /** `bytes` of the stream were handed on: its peer may send as many again. */
  release(stream: Http2Stream, bytes: number): void;
  /** So many bytes of the stream lie unread with us now. */
  settle(stream: Http2Stream, unread: number): void;
}

export function receiveData(connection: Connection): IncomingData {
  return new DataReceiver(connection);
}

class DataReceiver implements IncomingData {
  greeted = false;
  acknowledged = false;
  readonly frames: IncomingData['frames'];
  readonly #connection: Connection;
  readonly #flow: ReceiveFlow;
  readonly #bandwidth: BandwidthDelay;
  /** Whom the DATA frame being read is for; undefined: it is thrown away. */
  #stream: Http2Stream | undefined;
  #length = 0;

  constructor(connection: Connection) {
    const { initialWindowBytes, maxWindowBytes, maxBufferedBytes } = connection.limits;
    this.#connection = connection;
    this.#flow = new ReceiveFlow(initialWindowBytes * 4, maxBufferedBytes);
    this.#bandwidth = new BandwidthDelay(connection.clock, initialWindowBytes, maxWindowBytes);
    this.frames = {
      onDataFrame: (streamId, length, endStream) => this.#onDataFrame(streamId, length, endStream),
      onDataPiece: (piece) => this.#onDataPiece(piece),
      onDataFrameEnd: (endStream, unused) => this.#onDataFrameEnd(endStream, unused),
    };
  }

  get buffered(): number {
    return this.#flow.buffered;
  }

  widen(): void {
    if (this.#flow.isTight) this.#recount();
    const increment = this.#flow.takeIncrement();
    if (increment > 0) this.#tell(0, increment);
  }

  release(stream: Http2Stream, bytes: number): void {
    if (bytes === 0 || stream.closed || stream.remoteEnded || stream.receiveWindow === undefined) return;
    const increment = stream.receiveWindow.release(bytes);
    if (increment > 0) this.#tell(stream.id, increment);
  }

  settle(stream: Http2Stream, unread: number): void {
    if (unread >= stream.unread) return;
    this.#flow.consumed(stream.unread - unread);
    stream.unread = unread;
    this.widen();
  }

  #onDataFrame(streamId: number, length: number, endStream: boolean): void {
    const connection = this.#connection;
    this.#stream = undefined;
    this.#length = length;
    if (!this.greeted) return connection.fail(PROTOCOL_ERROR, 'the first frame is not SETTINGS');
    if (connection.blocks.openStream !== 0) return connection.fail(PROTOCOL_ERROR, 'a frame inside a field block');
    if (!this.#flow.arrives(length)) return connection.fail(FLOW_CONTROL_ERROR, "DATA beyond the connection's window");
    const stream = connection.streams.get(streamId);
    if (!stream) return this.#onUnknownStream(streamId);
    if (stream.remoteEnded) return connection.streamError(streamId, STREAM_CLOSED, 'DATA behind the end of the stream');
    if (!this.#mayTake(stream, length, endStream)) {
      return connection.streamError(streamId, FLOW_CONTROL_ERROR, "DATA beyond the stream's window");
    }
    stream.unread += length;
    this.#stream = stream;
    if (this.#bandwidth.arrived(length)) connection.pings.send(() => this.#onRoundTrip());
  }

  #mayTake(stream: Http2Stream, length: number, endStream: boolean): boolean {
    const { initialWindowSize } = this.#connection.local;
    // A body of one frame needs no window of its own.
    if (stream.receiveWindow === undefined && endStream) return length <= initialWindowSize;
    const window = (stream.receiveWindow ??= new ReceiveWindow(initialWindowSize));
    window.available -= length;
    return window.available >= 0;
  }

  #onUnknownStream(streamId: number): void {
    const connection = this.#connection;
    if (streamId === 0 || connection.isIdle(streamId)) return connection.fail(PROTOCOL_ERROR, 'DATA on an idle stream');
    if (!connection.resetByUs.has(streamId)) connection.streamError(streamId, STREAM_CLOSED, 'DATA on a closed stream');
  }

  #onDataPiece(piece: Buffer): void {
    const stream = this.#stream;
    if (!stream || stream.closed) return;
    if (stream.expectedBytes >= 0 && (stream.expectedBytes -= piece.length) < 0) {
      return this.#connection.streamError(stream.id, PROTOCOL_ERROR, 'more than its Content-Length');
    }
    stream.onData(piece);
  }

  #onDataFrameEnd(endStream: boolean, unused: number): void {
    const stream = this.#stream;
    if (!stream) {
      this.#flow.consumed(this.#length);
      return this.widen();
    }
    this.#stream = undefined;
    if (stream.closed) return;
    if (this.#length === unused && !endStream && !this.#connection.flood.allows('emptyFrames')) {
      return this.#connection.calm('DATA frames without data');
    }
    this.release(stream, unused);
    this.settle(stream, stream.unread - unused);
    if (endStream) {
      if (stream.expectedBytes > 0)
        return this.#connection.streamError(stream.id, PROTOCOL_ERROR, 'less than its Content-Length');
      stream.remoteEnded = true;
      stream.onEnd();
      if (stream.localEnded) this.#connection.closeStream(stream);
    } else if ((stream.receiveWindow as ReceiveWindow).size < this.#bandwidth.window) this.#grow(stream);
    this.widen();
  }

  /** Applications read without telling each time: what they have taken meanwhile is looked up when room gets scarce. */
  #recount(): void {
    for (const stream of this.#connection.streams.values()) {
      const unread = stream === this.#stream ? stream.unread : stream.unreadBytes;
      if (unread >= stream.unread) continue;
      this.#flow.consumed(stream.unread - unread);
      stream.unread = unread;
    }
  }

  #grow(stream: Http2Stream): void {
    const increment = (stream.receiveWindow as ReceiveWindow).grow(this.#bandwidth.window);
    if (increment > 0) this.#tell(stream.id, increment);
  }

  #onRoundTrip(): void {
    if (this.#bandwidth.answered()) this.#flow.grow(this.#bandwidth.window * 2);
    this.widen();
  }

  #tell(streamId: number, increment: number): void {
    windowUpdateFrame(this.#connection.writer, streamId, increment);
    this.#connection.countReply();
  }
}
