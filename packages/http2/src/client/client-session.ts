import type { Duplex } from 'node:stream';
import { TimerWheel } from '@lateen/core';
import { Connection } from '../connection/connection.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { Settings } from '../connection/settings.ts';
import { CONNECT_ERROR, NO_ERROR, PROTOCOL_ERROR, REFUSED_STREAM } from '../protocol/error-code.ts';
import { PREFACE } from '../protocol/frame-type.ts';
import { Http2Error } from '../protocol/http2-error.ts';
import { ClientStream } from './client-stream.ts';
import type { DispatchHandler, DispatchRequest } from './dispatch.ts';
import type { RequestHeadOptions } from './request-head.ts';

export interface ClientSessionOptions extends ConnectionOptions {
  /** Of requests that bring neither Host nor origin: `reviews:9080`. */
  readonly authority: string;
  /** `:scheme`; default `https` on TLS, else `http`. */
  readonly scheme?: string;
  /** Streams at once, if the server allows more. Default: as many as the server allows. */
  readonly maxConcurrentStreams?: number;
  /** The connection takes no new requests: it drains (a GOAWAY came or numbers are used up), or it is closed. Called once. */
  onRetired?(): void;
  onClosed?(error: Http2Error | undefined): void;
}

/** Until the server's SETTINGS say more (RFC 9113 §6.5.2 recommends no less than that). */
const STREAMS_BEFORE_SETTINGS = 100;
const LAST_STREAM_ID = 0x7fffffff;

/**
 * The client's end of one connection. `dispatch` works as undici's: requests beyond what the server takes wait in line, and what the server provably has not
 * processed fails with `processed: 'no'`.
 */
export class ClientSession extends Connection {
  readonly head: RequestHeadOptions;
  readonly #options: ClientSessionOptions;
  readonly #waiting: ClientStream[] = [];
  #wheel: TimerWheel | undefined;
  #nextId = 1;
  #toldRetired = false;
  #drained: (() => void) | undefined;
  #draining: Promise<void> | undefined;

  /** @param socket connected; on TLS, with ALPN `h2` agreed on. */
  constructor(socket: Duplex, options: ClientSessionOptions) {
    const local = new Settings();
    local.enablePush = false;
    super(socket, local, options);
    this.#options = options;
    this.head = { scheme: options.scheme ?? ('encrypted' in socket ? 'https' : 'http'), authority: options.authority };
    this.watch.checksLiveness = true;
    this.writer.bytes(PREFACE);
    this.greet();
    socket.on('data', (chunk: Buffer) => this.read(chunk));
  }

  /** For time limits of requests; made when the first one has any. */
  get wheel(): TimerWheel {
    return (this.#wheel ??= new TimerWheel(this.clock));
  }

  /** Requests that wait for a stream. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** How many requests could be sent now without waiting. */
  capacity(): number {
    if (this.retired) return 0;
    return Math.max(0, this.#maxStreams() - this.streams.size);
  }

  /** Sends, or waits for a stream. False when the next one would have to wait. Errors go to the handler, never out of here. */
  dispatch(request: DispatchRequest, handler: DispatchHandler): boolean {
    const stream = new ClientStream(this, request, handler);
    const refusal = this.#refusal(request);
    if (refusal) {
      stream.refuse(refusal);
      return false;
    }
    if (this.#waiting.length === 0 && this.streams.size < this.#maxStreams()) this.#open(stream);
    else this.#waiting.push(stream);
    return this.capacity() > 0;
  }

  /** Takes back a request that waits, or aborts it. */
  cancel(handler: DispatchHandler, reason: Error): void {
    const at = this.#waiting.findIndex((stream) => stream.handler === handler);
    if (at >= 0) this.#waiting.splice(at, 1)[0]?.refuse(reason);
    else
      for (const stream of this.streams.values())
        if ((stream as ClientStream).handler === handler) (stream as ClientStream).abort(reason);
  }

  /** The round trip that a PING takes now. Rejects when the connection ends before. Milliseconds. */
  ping(): Promise<number> {
    return new Promise((resolve, reject) => this.pings.send(resolve, reject));
  }

  /** Lets what is in flight or waits finish, then closes. */
  drain(): Promise<void> {
    if (this.#draining) return this.#draining;
    this.#draining = new Promise((resolve) => {
      this.#drained = resolve;
    });
    if (this.closed) this.#drained?.();
    this.#checkDrained();
    return this.#draining;
  }

  onOpened(stream: ClientStream): void {
    this.streams.set(stream.id, stream);
    this.watch.start();
  }

  acceptStream(): void {
    this.fail(PROTOCOL_ERROR, 'the server opened a stream');
  }

  isIdle(streamId: number): boolean {
    return (streamId & 1) === 0 || streamId >= this.#nextId;
  }

  onRemoteSettings(): void {
    this.#serveWaiting();
  }

  onGoaway(lastStream: number, errorCode: number): void {
    this.retired = true;
    this.#tellRetired();
    const error = new Http2Error('the peer is going away and has not seen the request', {
      errorCode: errorCode === NO_ERROR ? REFUSED_STREAM : errorCode,
      origin: 'remote',
      processed: 'no',
    });
    for (const stream of [...this.streams.values()]) {
      if (stream.id <= lastStream) continue;
      this.closeStream(stream);
      stream.onBroken(error);
    }
    this.#refuseWaiting(error);
    this.#checkDrained();
  }

  onStreamClosed(): void {
    if (this.#waiting.length > 0) this.#serveWaiting();
    if (this.streams.size === 0) this.#checkDrained();
  }

  onConnectionClosed(error: Http2Error | undefined): void {
    this.#tellRetired();
    this.#refuseWaiting(this.#gone(error));
    this.#drained?.();
    this.#options.onClosed?.(error);
  }

  #open(stream: ClientStream): void {
    const id = this.#nextId;
    try {
      stream.handler.onRequestStart?.(stream, null);
    } catch (error) {
      stream.abort(error as Error);
    }
    if (stream.aborted) return;
    stream.open(id);
    if (stream.id === 0) return;
    this.#nextId = id + 2;
    if (this.#nextId >= LAST_STREAM_ID) {
      this.retired = true;
      this.#tellRetired();
    }
  }

  #serveWaiting(): void {
    while (this.#waiting.length > 0 && !this.closed && this.streams.size < this.#maxStreams()) {
      const stream = this.#waiting.shift() as ClientStream;
      if (!stream.closed) this.#open(stream);
    }
  }

  #maxStreams(): number {
    const allowed = this.incoming.greeted ? this.remote.maxConcurrentStreams : STREAMS_BEFORE_SETTINGS;
    return Math.min(allowed, this.#options.maxConcurrentStreams ?? allowed);
  }

  #refusal(request: DispatchRequest): Error | undefined {
    if (this.retired || this.#draining) return this.#gone(this.error);
    if (!request.upgrade && request.method !== 'CONNECT') return undefined;
    return new Http2Error('CONNECT and upgrades go over HTTP/1.1', {
      errorCode: CONNECT_ERROR,
      origin: 'local',
      processed: 'no',
    });
  }

  #gone(cause: Http2Error | undefined): Http2Error {
    const facts = { errorCode: REFUSED_STREAM, origin: cause?.origin ?? 'remote', processed: 'no', cause } as const;
    return new Http2Error('the connection takes no more requests', facts, 'HTTP2_CONNECTION_LOST');
  }

  #refuseWaiting(error: Error): void {
    for (const stream of this.#waiting.splice(0)) stream.refuse(error);
  }

  #tellRetired(): void {
    if (this.#toldRetired) return;
    this.#toldRetired = true;
    this.#options.onRetired?.();
  }

  /** Going away, and nothing in flight any more. */
  #checkDrained(): void {
    const leaving = this.#draining !== undefined || this.retired;
    if (!leaving || this.closed || this.streams.size > 0 || this.#waiting.length > 0) return;
    this.end(new Http2Error('drained', { errorCode: NO_ERROR, origin: 'local' }));
  }
}
