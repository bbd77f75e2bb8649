import { STATUS_CODES } from 'node:http';
import type { WheelNode } from '@lateen/core';
import { Http2Stream } from '../connection/http2-stream.ts';
import { surface } from '../connection/protect.ts';
import type { FieldList } from '../hpack/field-list.ts';
import { CANCEL, ENHANCE_YOUR_CALM, NO_ERROR, PROTOCOL_ERROR } from '../protocol/error-code.ts';
import { answerTimeout, type Http2Error } from '../protocol/http2-error.ts';
import type { ClientSession } from './client-session.ts';
import type { DispatchController, DispatchHandler, DispatchRequest, RequestBody, ResponseHeaders } from './dispatch.ts';
import { HeldResponse } from './held-response.ts';
import { bodyLength, sendBody } from './request-body.ts';
import { writeRequestHead } from './request-head.ts';
import { RequestWriter } from './request-writer.ts';
import { headersOf, readResponseHead, trailerProblem } from './response-head.ts';

/** How long a body waits for 100 Continue (RFC 9110 §10.1.1 leaves it to the client). */
const CONTINUE_WAIT_MS = 1000;
/** 1xx heads before an answer. */
const MAX_INFORMATIONAL = 100;
const NO_LINES: string[] = [];
const NO_TRAILERS: ResponseHeaders = Object.freeze({}) as ResponseHeaders;

/** One exchange: stream, controller of its handler, and its node on the timer wheel. */
export class ClientStream extends Http2Stream implements DispatchController, WheelNode {
  readonly connection: ClientSession;
  readonly request: DispatchRequest;
  readonly handler: DispatchHandler;
  readonly hasTrailers = false;
  aborted = false;
  paused = false;
  reason: Error | null = null;
  rawHeaders: string[] = NO_LINES;
  rawTrailers: string[] = NO_LINES;
  /** None for a request without a body. */
  #writer: RequestWriter | undefined;
  wheelNext: WheelNode | null = null;
  wheelPrevious: WheelNode | null = null;
  wheelTick = -1;
  #informational = 0;
  #answered = false;
  /** The handler has heard the end or an error. */
  #settled = false;
  #held: HeldResponse | undefined;

  constructor(connection: ClientSession, request: DispatchRequest, handler: DispatchHandler) {
    super();
    this.connection = connection;
    this.request = request;
    this.handler = handler;
  }

  get unreadBytes(): number {
    return this.unread; // told each time
  }

  /** Writes the request. What is wrong with it goes to the handler. */
  open(id: number): void {
    const { connection, request } = this;
    const body = request.body ?? null;
    const length = bodyLength(body);
    const endStream = length === 0;
    connection.out.begin(id, endStream);
    let expectsContinue: boolean;
    try {
      expectsContinue = writeRequestHead(connection, request, length, connection.head);
    } catch (error) {
      connection.out.abandon();
      this.#settled = true;
      this.closed = true;
      this.#tellError(error as Error);
      return;
    }
    connection.out.end(id, endStream);
    this.id = id;
    this.sendWindow = connection.remote.initialWindowSize;
    connection.onOpened(this);
    this.#arm(request.headersTimeout);
    if (endStream) {
      this.localEnded = true;
      this.handler.onRequestSent?.();
    } else this.#sendBody(body, expectsContinue);
  }

  #sendBody(body: RequestBody, waits: boolean): void {
    const writer = (this.#writer = new RequestWriter(this));
    if (!waits) return sendBody(writer, body);
    writer.hold(body);
    this.connection.clock.setTimeout(() => writer.release(), CONTINUE_WAIT_MS);
  }

  override onEndSent(): void {
    this.handler.onRequestSent?.();
    super.onEndSent();
  }

  abort(reason: Error): void {
    if (this.#settled) {
      if (!this.closed && !this.localEnded) this.reset(CANCEL);
      return;
    }
    this.aborted = true;
    this.reason = reason;
    if (!this.closed && this.id !== 0) this.reset(CANCEL);
    this.#fail(reason);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    const held = this.#held;
    if (held === undefined) return;
    for (let piece = held.next(); piece !== undefined && !this.#settled; piece = this.paused ? undefined : held.next())
      this.#deliver(piece);
    if (held.end !== undefined && !this.paused && held.isEmpty) this.#deliverEnd(held.end);
  }

  onFields(list: FieldList, endStream: boolean): void {
    if (list.overflowed) return this.#violate(ENHANCE_YOUR_CALM, 'a field list beyond the limit');
    if (this.#answered) this.#onTrailers(list, endStream);
    else this.#onHead(list, endStream);
  }

  onData(piece: Buffer): void {
    if (!this.#answered) return this.#violate(PROTOCOL_ERROR, 'DATA before the head of the answer');
    if (this.#mustHold) (this.#held ??= new HeldResponse()).add(piece);
    else this.#deliver(piece);
  }

  onEnd(): void {
    if (!this.#answered) return this.#violate(PROTOCOL_ERROR, 'an end before the head of the answer');
    this.#finish(NO_TRAILERS);
  }

  onDrain(): void {
    this.#writer?.onDrain?.();
  }

  sendTrailers(): void {} // requests have none here
  onBroken(error: Http2Error): void {
    // RFC 9113 §8.1: a server that needs no more of the body says so by NO_ERROR behind a complete answer.
    const done = this.#held?.end !== undefined || (this.remoteEnded && error.errorCode === NO_ERROR);
    this.#writer?.onUnwanted?.(error);
    if (!done) this.#fail(error.seenBy(this.#answered ? 'yes' : error.processed));
  }

  /** It was never written. */
  refuse(error: Error): void {
    this.closed = true;
    this.#fail(error);
  }

  /** A time limit has passed. */
  onDeadline(): void {
    this.abort(answerTimeout(this.#answered));
  }

  get #mustHold(): boolean {
    return this.paused || (this.#held !== undefined && !this.#held.isEmpty);
  }

  #onHead(list: FieldList, endStream: boolean): void {
    const head = readResponseHead(list, this.request.method, endStream);
    if (typeof head === 'string') return this.#violate(PROTOCOL_ERROR, head);
    const { status } = head;
    if (status < 200) return this.#onInformation(status, list);
    this.expectedBytes = head.bodyBytes;
    this.#answered = true;
    this.#writer?.release();
    this.#arm(this.request.bodyTimeout);
    if (endStream) this.remoteEnded = true;
    this.#tellHead(status, list);
    if (endStream) {
      this.#finish(NO_TRAILERS);
      if (this.localEnded) this.connection.closeStream(this);
    }
  }

  #tellHead(status: number, list: FieldList): void {
    const { handler } = this;
    this.rawHeaders = list.toRaw(1);
    try {
      handler.onResponseStart?.(this, status, headersOf(list, 1), STATUS_CODES[status] ?? '');
    } catch (error) {
      this.abort(error as Error);
    }
  }

  #onInformation(status: number, list: FieldList): void {
    if (++this.#informational > MAX_INFORMATIONAL) return this.#violate(ENHANCE_YOUR_CALM, 'too many informational answers');
    if (status === 100) this.#writer?.release();
    else this.#tellHead(status, list);
  }

  #onTrailers(list: FieldList, endStream: boolean): void {
    if (!endStream) return this.#violate(PROTOCOL_ERROR, 'trailers that do not end the stream');
    const problem = trailerProblem(list);
    if (problem) return this.#violate(PROTOCOL_ERROR, problem);
    if (this.expectedBytes > 0) return this.#violate(PROTOCOL_ERROR, 'less than its Content-Length');
    this.rawTrailers = list.toRaw();
    this.remoteEnded = true;
    this.#finish(headersOf(list, 0));
    if (this.localEnded) this.connection.closeStream(this);
  }

  #deliver(piece: Buffer): void {
    if (this.#settled) return;
    if (this.wheelTick !== -1) this.#arm(this.request.bodyTimeout);
    try {
      this.handler.onResponseData?.(this, piece);
    } catch (error) {
      return this.abort(error as Error);
    }
    const { incoming } = this.connection;
    incoming.release(this, piece.length);
    incoming.settle(this, this.unread - piece.length);
  }

  #finish(trailers: ResponseHeaders): void {
    if (this.#mustHold) (this.#held ??= new HeldResponse()).end = trailers;
    else this.#deliverEnd(trailers);
  }

  #deliverEnd(trailers: ResponseHeaders): void {
    if (this.#settled) return;
    this.#settle();
    const { handler } = this;
    try {
      handler.onResponseEnd?.(this, trailers === NO_TRAILERS ? {} : trailers);
    } catch (error) {
      this.#tellError(error as Error);
    }
  }

  #fail(error: Error): void {
    if (this.#settled) return;
    this.#settle();
    this.#held = undefined;
    this.connection.incoming.settle(this, 0);
    this.#writer?.onUnwanted?.(error);
    this.#tellError(error);
  }

  #tellError(error: Error): void {
    try {
      this.handler.onResponseError?.(this, error);
    } catch (thrown) {
      surface(thrown);
    }
  }

  #settle(): void {
    this.#settled = true;
    if (this.wheelTick !== -1) this.connection.wheel.cancel(this);
  }

  #violate(errorCode: number, reason: string): void {
    this.connection.streamError(this.id, errorCode, reason);
  }

  #arm(timeoutMs: number | null | undefined): void {
    if (timeoutMs) this.connection.wheel.schedule(this, this.connection.clock.now() + timeoutMs);
    else if (this.wheelTick !== -1) this.connection.wheel.cancel(this);
  }
}
