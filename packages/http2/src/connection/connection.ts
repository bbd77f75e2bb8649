import type { Duplex } from 'node:stream';
import type { Clock } from '@lateen/core';
import { SendFlow } from '../flow/send-flow.ts';
import { FrameReader, type FrameSink } from '../frame/frame-reader.ts';
import { FrameWriter } from '../frame/frame-writer.ts';
import { BlockWriter } from '../frame/block-writer.ts';
import { goawayFrame, resetFrame } from '../frame/control-frames.ts';
import { HpackDecoder } from '../hpack/decoder.ts';
import { HpackEncoder } from '../hpack/encoder.ts';
import { FieldList } from '../hpack/field-list.ts';
import { CANCEL, ENHANCE_YOUR_CALM, INTERNAL_ERROR, NO_ERROR } from '../protocol/error-code.ts';
import { Http2Error, localError, STREAM_OVER } from '../protocol/http2-error.ts';
import { ClosedStreams } from './closed-streams.ts';
import type { ConnectionEvents } from './connection-events.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { endSocket } from './end-socket.ts';
import { dispatchFrame } from './dispatch-frame.ts';
import { FloodGuard } from './flood-guard.ts';
import { HeaderBlocks } from './header-blocks.ts';
import { type IncomingData, receiveData } from './incoming-data.ts';
import type { Http2Stream } from './http2-stream.ts';
import { DEFAULT_LIMITS, type Http2Limits } from './limits.ts';
import { Pings } from './pings.ts';
import { onBlock } from './receive-block.ts';
import { Settings, writeSettings } from './settings.ts';
import { Watch } from './watch.ts';

/**
 * A connection of RFC 9113, the same for both roles: frames in and out, settings, windows, streams, and the ways it ends. What a new stream means is
 * the session's matter. Nothing that a peer sends leaves here as an exception.
 */
export abstract class Connection {
  readonly socket: Duplex;
  readonly clock: Clock;
  readonly limits: Http2Limits;
  readonly writer: FrameWriter;
  readonly encoder: HpackEncoder;
  readonly out: BlockWriter;
  readonly decoder: HpackDecoder;
  readonly sendFlow: SendFlow;
  readonly streams = new Map<number, Http2Stream>();
  readonly local: Settings;
  readonly remote = new Settings();
  readonly pings: Pings;
  readonly flood: FloodGuard;
  readonly resetByUs = new ClosedStreams();
  readonly blocks: HeaderBlocks;
  readonly fields: FieldList;
  readonly incoming: IncomingData;
  readonly watch: Watch;
  readonly events: ConnectionEvents;
  /** The highest stream the peer has opened. */
  lastPeerStream = 0;
  /** Why it ended. */
  error: Http2Error | undefined = undefined;
  /** Takes no new streams: one of us has sent GOAWAY, or it is over. */
  retired = false;
  closed = false;
  readonly #reader: FrameReader;
  #flushing = false;
  #ending = false;

  constructor(socket: Duplex, local: Settings, options: ConnectionOptions) {
    const limits = (this.limits = { ...DEFAULT_LIMITS, ...options.limits });
    this.socket = socket;
    this.clock = options.clock;
    this.events = options.events ?? {};
    this.local = local;
    local.headerTableSize = limits.headerTableBytes;
    local.initialWindowSize = limits.initialWindowBytes;
    local.maxHeaderListSize = limits.maxHeaderListBytes;
    local.noRfc7540Priorities = true;
    this.writer = new FrameWriter(socket);
    this.encoder = new HpackEncoder(this.writer, limits.headerTableBytes);
    this.out = new BlockWriter(this.writer, this.encoder, this.scheduleFlush);
    this.decoder = new HpackDecoder(limits.headerTableBytes);
    this.sendFlow = new SendFlow(this.writer, this.scheduleFlush);
    this.pings = new Pings(this);
    this.flood = new FloodGuard(this.clock, limits);
    this.blocks = new HeaderBlocks({ onBlock: onBlock.bind(undefined, this), fail: this.fail.bind(this) }, limits);
    this.fields = new FieldList(limits.maxHeaderListBytes, limits.maxHeaderFields);
    this.incoming = receiveData(this);
    this.watch = new Watch(this);
    const sink: FrameSink = {
      ...this.incoming.frames,
      onFrame: dispatchFrame.bind(undefined, this),
      onUnreadable: this.fail.bind(this),
    };
    this.#reader = new FrameReader(sink, local.maxFrameSize);
    socket.on('drain', this.scheduleFlush);
    socket.on('close', () => this.#onSocketClose());
    socket.on('error', (cause: Error) => this.#onSocketClose(cause));
  }

  /** The number of the next stream that the peer may open, and who answers for it; `undefined` ends the connection with PROTOCOL_ERROR. */
  abstract acceptStream(streamId: number, list: FieldList, endStream: boolean): void;
  /** Whether a stream of that number was never used. */
  abstract isIdle(streamId: number): boolean;
  /** The peer said GOAWAY. */
  abstract onGoaway(lastStream: number, errorCode: number): void;
  /** The peer's settings are in force. */
  abstract onRemoteSettings(): void;
  /** A stream is over, in whichever way. */
  abstract onStreamClosed(): void;
  /** It is over; streams have heard already. */
  abstract onConnectionClosed(error: Http2Error | undefined): void;

  /** Whether a frame or a field block is in the middle. */
  get midMessage(): boolean {
    return this.#reader.midFrame || this.blocks.openStream !== 0;
  }

  protected greet(): void {
    writeSettings(this.writer, this.local);
    this.incoming.widen();
    this.scheduleFlush();
    this.watch.start();
  }

  /** What waits for the end of the tick is written. */
  protected beforeFlush(): void {}
  protected read(chunk: Buffer): void {
    this.watch.heard = true;
    this.#reader.read(chunk);
  }

  readonly scheduleFlush = (): void => {
    if (this.#flushing || this.closed) return;
    this.#flushing = true;
    queueMicrotask(this.flush);
  };

  readonly flush = (): void => {
    this.#flushing = false;
    if (this.closed) return;
    this.beforeFlush();
    this.sendFlow.pump();
    this.writer.flush();
    if (this.#ending) this.#finish();
  };

  /** An answer that only the peer's frames ask for was written. Too many that it doesn't read are a flood. */
  countReply(): void {
    this.scheduleFlush();
    if (this.writer.backlog > this.limits.maxUnreadBytes)
      this.destroy(localError(CANCEL, 'the peer does not read what it asks for'));
  }

  resetStream(stream: Http2Stream, errorCode: number, error?: Http2Error): void {
    this.writeReset(stream.id, errorCode);
    this.resetByUs.add(stream.id);
    this.closeStream(stream);
    if (error) stream.onBroken(error);
  }

  /** The stream ends for a fault of the peer's. */
  streamError(streamId: number, errorCode: number, reason: string): void {
    if (!this.flood.allows('resets')) return this.calm('streams that end in errors');
    const stream = this.streams.get(streamId);
    this.events.onViolation?.({ errorCode, reason, streamId });
    if (stream) return this.resetStream(stream, errorCode, localError(errorCode, reason));
    this.writeReset(streamId, errorCode);
    this.resetByUs.add(streamId);
  }

  writeReset(streamId: number, errorCode: number): void {
    resetFrame(this.writer, streamId, errorCode);
    this.countReply();
  }

  closeStream(stream: Http2Stream): void {
    if (stream.closed) return;
    stream.closed = true;
    this.streams.delete(stream.id);
    this.sendFlow.forget(stream, this.error ?? STREAM_OVER);
    // After a good end what lies unread is still read by the application.
    if (stream.unread > 0 && !(stream.localEnded && stream.remoteEnded)) this.incoming.settle(stream, 0);
    this.onStreamClosed();
  }

  writeGoaway(errorCode: number, lastStream: number, reason = ''): void {
    goawayFrame(this.writer, errorCode, lastStream, reason);
    this.scheduleFlush();
  }

  /** A fault of the peer's that is none of one stream: GOAWAY, and the end. */
  readonly fail = (errorCode: number, reason: string): void => {
    if (this.#ending || this.closed) return;
    this.#reader.stop();
    this.events.onViolation?.({ errorCode, reason, streamId: 0 });
    this.end(localError(errorCode, reason));
  };

  /** Sends GOAWAY with the error's code and ends; streams in flight fail with `error`. */
  end(error: Http2Error): void {
    if (this.#ending || this.closed) return;
    this.retired = true;
    this.error = error;
    this.writeGoaway(error.errorCode, this.lastPeerStream, error.errorCode === NO_ERROR ? '' : error.message);
    this.#ending = true;
    this.#breakStreams(error);
    this.scheduleFlush();
  }

  /** Ends without a word. */
  destroy(error: Http2Error): void {
    if (this.closed) return;
    this.error ??= error;
    this.#reader.stop();
    this.socket.destroy();
    this.#close();
  }

  /** More of something than is reasonable: the connection ends with ENHANCE_YOUR_CALM. */
  calm(what: string): void {
    this.fail(ENHANCE_YOUR_CALM, `too many ${what}`);
  }

  /** GOAWAY has been written: the socket closes when it has left, or is cut when the peer doesn't take it. */
  #finish(): void {
    this.#close();
    endSocket(this.socket, this.clock);
  }

  #onSocketClose(cause?: Error): void {
    if (this.closed) return;
    const facts = { errorCode: INTERNAL_ERROR, origin: 'remote', cause } as const;
    this.error ??= new Http2Error(`the connection was lost${cause ? `: ${cause.message}` : ''}`, facts, 'HTTP2_CONNECTION_LOST');
    this.socket.destroy();
    this.#close();
  }

  #close(): void {
    this.closed = true;
    this.retired = true;
    this.watch.stop();
    this.pings.fail(this.error ?? STREAM_OVER);
    this.#breakStreams(this.error ?? STREAM_OVER);
    this.writer.fail(this.error ?? STREAM_OVER);
    this.onConnectionClosed(this.error);
  }

  #breakStreams(error: Http2Error): void {
    for (const stream of [...this.streams.values()]) {
      if (stream.closed) continue;
      this.closeStream(stream);
      stream.onBroken(error);
    }
  }
}
