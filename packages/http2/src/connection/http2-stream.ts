import type { OutgoingQueue } from '../flow/outgoing-queue.ts';
import type { ReceiveWindow } from '../flow/receive-window.ts';
import type { SendingStream } from '../flow/send-flow.ts';
import type { FieldList } from '../hpack/field-list.ts';
import { NO_ERROR } from '../protocol/error-code.ts';
import type { Http2Error } from '../protocol/http2-error.ts';
import type { Connection } from './connection.ts';

/** RFC 9218: what a request without a `priority` field has. */
const DEFAULT_URGENCY = 3;

/**
 * One stream (RFC 9113 §5.1) as both roles see it. Open until both sides have ended, or either has reset it.
 * What arrives goes to the `on…` methods; they are not called after `closed`.
 */
export abstract class Http2Stream implements SendingStream {
  /** 0 until it is opened. */
  id = 0;
  sendWindow = 0;
  urgency = DEFAULT_URGENCY;
  incremental = true;
  outgoing: OutgoingQueue | undefined = undefined;
  isReady = false;
  /** Made when the first DATA comes. */
  receiveWindow: ReceiveWindow | undefined = undefined;
  /** We have sent END_STREAM. */
  localEnded = false;
  /** The peer has. */
  remoteEnded = false;
  closed = false;
  /** Content-Length less what has come; -1 where none was told. */
  expectedBytes = -1;
  /** What of it lies unread with us, at most: as it was last told. */
  unread = 0;

  /** What of it lies unread now. */
  abstract readonly unreadBytes: number;
  abstract readonly hasTrailers: boolean;
  abstract readonly connection: Connection;

  /** A head or trailers; never called for a stream of the server's first block, which makes the stream. */
  abstract onFields(list: FieldList, endStream: boolean): void;
  abstract onData(piece: Buffer): void;
  /** END_STREAM came with DATA. */
  abstract onEnd(): void;
  abstract sendTrailers(): void;
  abstract onDrain(): void;
  /** Ended before its time: by the peer's RST_STREAM, by ours for a fault of the peer, or with the connection. */
  abstract onBroken(error: Http2Error): void;

  onEndSent(): void {
    this.localEnded = true;
    if (this.remoteEnded) this.connection.closeStream(this);
  }

  /** The peer's END_STREAM was handed on. */
  endRemote(): void {
    this.remoteEnded = true;
    if (this.localEnded) this.connection.closeStream(this);
  }

  /** Gives it up. */
  reset(errorCode: number = NO_ERROR): void {
    if (!this.closed) this.connection.resetStream(this, errorCode);
  }
}
