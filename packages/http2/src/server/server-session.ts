import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Connection } from '../connection/connection.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { protect } from '../connection/protect.ts';
import { Settings } from '../connection/settings.ts';
import type { FieldList } from '../hpack/field-list.ts';
import { NO_ERROR, PROTOCOL_ERROR, REFUSED_STREAM } from '../protocol/error-code.ts';
import { PREFACE } from '../protocol/frame-type.ts';
import { Http2Error } from '../protocol/http2-error.ts';
import { readRequestHead } from './request-head.ts';
import type { ResponseWriter } from './response-writer.ts';
import { ServerStream } from './server-stream.ts';

export interface ServerSessionOptions extends ConnectionOptions {
  /** Serves a request; what it throws surfaces as an uncaught exception, as with node:http. */
  onRequest(request: IncomingMessage, response: ServerResponse): void;
  /** What `req.socket.server` shows. */
  readonly httpServer?: unknown;
  /** Bytes that were read from the socket already, to find out what they are. */
  readonly head?: Buffer;
  onClosed?(error: Http2Error | undefined): void;
}

const LAST_STREAM_ID = 0x7fffffff;

/** The server's end of one connection: every stream becomes a request and a response of node:http. */
export class ServerSession extends Connection {
  readonly httpServer: unknown;
  readonly isTls: boolean;
  readonly #options: ServerSessionOptions;
  #prefaceLeft = PREFACE.length;
  #lingering: ResponseWriter[] = [];
  /** The last stream that a final GOAWAY allows. */
  #lastAllowed = LAST_STREAM_ID;
  #drained: (() => void) | undefined;
  #draining: Promise<void> | undefined;

  /** @param socket on TLS, with ALPN `h2` agreed on; in plaintext, one that begins with the preface. */
  constructor(socket: Duplex, options: ServerSessionOptions) {
    const local = new Settings();
    super(socket, local, options);
    this.#options = options;
    this.httpServer = options.httpServer;
    this.isTls = 'encrypted' in socket;
    local.maxConcurrentStreams = this.limits.maxConcurrentStreams;
    this.greet();
    if (options.head && options.head.length > 0) this.#onBytes(options.head);
    socket.on('data', this.#onBytes);
  }

  /**
   * Ends in two steps (RFC 9113 §6.8): first it says that it will, and goes on taking requests for a round trip; then it names the last one that it takes.
   * Resolves when the connection is closed.
   */
  drain(): Promise<void> {
    this.#draining ??= new Promise((resolve) => {
      if (this.closed) return resolve();
      this.#drained = resolve;
      this.writeGoaway(NO_ERROR, LAST_STREAM_ID);
      this.pings.send(() => this.#stopAccepting());
    });
    return this.#draining;
  }

  acceptStream(streamId: number, list: FieldList, endStream: boolean): void {
    if ((streamId & 1) === 0) return this.fail(PROTOCOL_ERROR, 'a client opened a stream of an even number');
    this.lastPeerStream = streamId;
    if (streamId > this.#lastAllowed) {
      this.resetByUs.add(streamId);
      return;
    }
    if (this.streams.size >= this.limits.maxConcurrentStreams) {
      return this.streamError(streamId, REFUSED_STREAM, 'more streams than are allowed');
    }
    if (list.overflowed) return this.#refuse(streamId, '431');
    const head = readRequestHead(list, !endStream);
    if (typeof head === 'string') return this.streamError(streamId, PROTOCOL_ERROR, head);
    if (head.method === 'CONNECT') return this.#refuse(streamId, '501');
    const stream = new ServerStream(this, streamId, head, endStream);
    this.streams.set(streamId, stream);
    this.watch.start();
    if (endStream) stream.endRequest();
    protect(() => this.#options.onRequest(stream.request, stream.response));
  }

  isIdle(streamId: number): boolean {
    // A client never sees a stream of ours: even numbers stay idle.
    return (streamId & 1) === 0 || streamId > this.lastPeerStream;
  }

  onRemoteSettings(): void {}

  onGoaway(): void {
    this.retired = true;
    this.#checkDrained();
  }

  onStreamClosed(): void {
    if (this.streams.size === 0) this.#checkDrained();
  }

  onConnectionClosed(error: Http2Error | undefined): void {
    this.#drained?.();
    this.#options.onClosed?.(error);
  }

  /** It has something that leaves at the end of the tick. */
  addLingering(response: ResponseWriter): void {
    this.#lingering.push(response);
    this.scheduleFlush();
  }

  protected override beforeFlush(): void {
    const lingering = this.#lingering;
    if (lingering.length === 0) return;
    this.#lingering = [];
    for (const response of lingering) response.sendLingering();
  }

  writeStatus(status: string): void {
    this.encoder.write(this.encoder.nameOf(':status'), status);
  }

  /** Flat pairs, checked when they were set. */
  writeFields(flat: readonly string[]): void {
    const { encoder } = this;
    for (let i = 0; i < flat.length; i += 2) {
      const name = encoder.nameOf(flat[i] as string);
      if (!name.isConnectionSpecific) encoder.write(name, (flat[i + 1] as string).trim());
    }
  }

  /** An answer of the engine's own, without the application. */
  #refuse(streamId: number, status: string): void {
    if (!this.flood.allows('resets')) return this.calm('requests that are refused');
    this.out.begin(streamId, true);
    this.writeStatus(status);
    this.out.end(streamId, true);
    this.writeReset(streamId, NO_ERROR);
    this.resetByUs.add(streamId);
  }

  readonly #onBytes = (chunk: Buffer): void => {
    if (this.#prefaceLeft === 0) return this.read(chunk);
    const begun = PREFACE.length - this.#prefaceLeft;
    const length = Math.min(chunk.length, this.#prefaceLeft);
    if (chunk.compare(PREFACE, begun, begun + length, 0, length) !== 0) {
      return this.fail(PROTOCOL_ERROR, 'the connection does not begin with the preface of HTTP/2');
    }
    this.#prefaceLeft -= length;
    if (length < chunk.length) this.read(chunk.subarray(length));
  };

  #stopAccepting(): void {
    if (this.closed) return;
    this.retired = true;
    this.#lastAllowed = this.lastPeerStream;
    this.writeGoaway(NO_ERROR, this.#lastAllowed);
    this.#checkDrained();
  }

  #checkDrained(): void {
    if (!this.retired || this.closed || this.streams.size > 0) return;
    this.end(new Http2Error('drained', { errorCode: NO_ERROR, origin: 'local' }));
  }
}
