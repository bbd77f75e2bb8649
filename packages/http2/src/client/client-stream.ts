import { STATUS_CODES } from 'node:http';
import type { FieldList } from '../hpack/field-list.ts';
import { CANCEL, ENHANCE_YOUR_CALM, NO_ERROR, PROTOCOL_ERROR } from '../protocol/error-code.ts';
import { answerTimeout, type Http2Error } from '../protocol/http2-error.ts';
import { AnswerStream, NO_TRAILERS } from './answer-stream.ts';
import type { ClientSession } from './client-session.ts';
import type { DispatchController, DispatchHandler, DispatchRequest, RequestBody } from './dispatch.ts';
import { bodyLength, sendBody } from './request-body.ts';
import { writeRequestHead } from './request-head.ts';
import { RequestWriter } from './request-writer.ts';
import { headersOf, readResponseHead, trailerProblem } from './response-head.ts';

/** How long a body waits for 100 Continue (RFC 9110 §10.1.1 leaves it to the client). */
const CONTINUE_WAIT_MS = 1000;
/** 1xx heads before an answer. */
const MAX_INFORMATIONAL = 100;
const NO_LINES: string[] = [];

/** One exchange: the stream, and the controller of its handler. */
export class ClientStream extends AnswerStream implements DispatchController {
  readonly connection: ClientSession;
  readonly hasTrailers = false;
  aborted = false;
  reason: Error | null = null;
  rawHeaders: string[] = NO_LINES;
  rawTrailers: string[] = NO_LINES;
  /** None for a request without a body. */
  #writer: RequestWriter | undefined;
  #informational = 0;
  #answered = false;

  constructor(connection: ClientSession, request: DispatchRequest, handler: DispatchHandler) {
    super(request, handler);
    this.connection = connection;
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
      this.closed = true;
      return this.fail(error as Error);
    }
    connection.out.end(id, endStream);
    this.id = id;
    this.sendWindow = connection.remote.initialWindowSize;
    connection.onOpened(this);
    this.arm(request.headersTimeout);
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
    if (this.settled) {
      if (!this.closed && !this.localEnded) this.reset(CANCEL);
      return;
    }
    this.aborted = true;
    this.reason = reason;
    if (!this.closed && this.id !== 0) this.reset(CANCEL);
    this.#lose(reason);
  }

  onFields(list: FieldList, endStream: boolean): void {
    if (list.overflowed) return this.#violate(ENHANCE_YOUR_CALM, 'a field list beyond the limit');
    if (this.#answered) this.#onTrailers(list, endStream);
    else this.#onHead(list, endStream);
  }

  onData(piece: Buffer): void {
    if (!this.#answered) return this.#violate(PROTOCOL_ERROR, 'DATA before the head of the answer');
    this.take(piece);
  }

  onEnd(): void {
    if (!this.#answered) return this.#violate(PROTOCOL_ERROR, 'an end before the head of the answer');
    this.finish(NO_TRAILERS);
  }

  onDrain(): void {
    this.#writer?.onDrain?.();
  }

  sendTrailers(): void {} // requests have none here

  onBroken(error: Http2Error): void {
    // RFC 9113 §8.1: a server that needs no more of the body says so by NO_ERROR behind a complete answer.
    const done = this.endIsHeld || (this.remoteEnded && error.errorCode === NO_ERROR);
    if (done) this.#writer?.onUnwanted?.(error);
    else this.#lose(error.seenBy(this.#answered ? 'yes' : error.processed));
  }

  /** It was never written. */
  refuse(error: Error): void {
    this.closed = true;
    this.#lose(error);
  }

  /** A time limit has passed. */
  onDeadline(): void {
    this.abort(answerTimeout(this.#answered));
  }

  #onHead(list: FieldList, endStream: boolean): void {
    const head = readResponseHead(list, this.request.method, endStream);
    if (typeof head === 'string') return this.#violate(PROTOCOL_ERROR, head);
    const { status } = head;
    if (status < 200) return this.#onInformation(status, list);
    this.expectedBytes = head.bodyBytes;
    this.#answered = true;
    this.#writer?.release();
    this.arm(this.request.bodyTimeout);
    if (endStream) this.remoteEnded = true;
    this.#tellHead(status, list);
    if (endStream) {
      this.finish(NO_TRAILERS);
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
    this.finish(headersOf(list, 0));
    if (this.localEnded) this.connection.closeStream(this);
  }

  #lose(error: Error): void {
    this.#writer?.onUnwanted?.(error);
    this.fail(error);
  }

  #violate(errorCode: number, reason: string): void {
    this.connection.streamError(this.id, errorCode, reason);
  }
}
