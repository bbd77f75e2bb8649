import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Http2Stream } from '../connection/http2-stream.ts';
import { readPriority } from '../connection/priority.ts';
import { protect, surface } from '../connection/protect.ts';
import { trailerProblem } from '../client/response-head.ts';
import type { WrittenListener } from '../frame/frame-writer.ts';
import type { FieldList } from '../hpack/field-list.ts';
import { CANCEL, ENHANCE_YOUR_CALM, INTERNAL_ERROR, NO_ERROR, PROTOCOL_ERROR } from '../protocol/error-code.ts';
import type { Http2Error } from '../protocol/http2-error.ts';
import type { RequestHead } from './request-head.ts';
import { closeResponse, makeRequest, makeResponse, type RequestInternals } from './messages.ts';
import type { ResponseInternals } from './response-head.ts';
import { ResponseWriter } from './response-writer.ts';
import type { ServerSession } from './server-session.ts';
import { StreamSocket, TlsStreamSocket } from './stream-socket.ts';

/** What comes of a request that is answered and that nobody reads is thrown away, as by node:http; but no more than that. */
const UNWANTED_BYTES = 65_536;

/** One request and its response on the server. Both are node:http's own, over a {@link StreamSocket}. */
export class ServerStream extends Http2Stream implements WrittenListener {
  readonly connection: ServerSession;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: StreamSocket;
  readonly out: ResponseWriter;
  /** Bytes that the application was not ready for: their peer must wait. */
  #withheld = 0;
  #unwanted = 0;

  constructor(connection: ServerSession, id: number, head: RequestHead, endStream: boolean) {
    super();
    this.connection = connection;
    this.id = id;
    this.sendWindow = connection.remote.initialWindowSize;
    this.remoteEnded = endStream;
    this.expectedBytes = head.contentLength;
    if (head.priority !== undefined) Object.assign(this, readPriority(head.priority, this));
    this.socket = connection.isTls ? new TlsStreamSocket(this) : new StreamSocket(this);
    this.request = makeRequest(this.socket, head);
    this.response = makeResponse(this.request, this.socket);
    this.out = new ResponseWriter(this);
  }

  get unreadBytes(): number {
    return this.request.readableLength;
  }

  get hasTrailers(): boolean {
    return this.out.trailers !== undefined;
  }

  /** The request has no body. */
  endRequest(): void {
    this.request.complete = true;
    this.#push(null);
  }

  #push(piece: Buffer | null): boolean {
    try {
      return this.request.push(piece);
    } catch (error) {
      surface(error);
      return true;
    }
  }

  // --- the request's body

  onData(piece: Buffer): void {
    const request = this.request as RequestInternals;
    if (this.socket.timeout > 0) this.socket.touch();
    const { incoming } = this.connection;
    if (request._dumped || this.#push(piece)) incoming.release(this, piece.length);
    else this.#withheld += piece.length;
    incoming.settle(this, Math.max(this.unread - piece.length, request.readableLength));
    if (this.localEnded && !this.#isRead && (this.#unwanted += piece.length) > UNWANTED_BYTES) this.#refuseRest();
  }

  onEnd(): void {
    this.endRequest();
  }

  onFields(list: FieldList, endStream: boolean): void {
    const problem = endStream ? trailerProblem(list) : 'trailers that do not end the stream';
    if (problem) return this.connection.streamError(this.id, PROTOCOL_ERROR, problem);
    if (list.overflowed) return this.connection.streamError(this.id, ENHANCE_YOUR_CALM, 'a field list beyond the limit');
    if (this.expectedBytes > 0) return this.connection.streamError(this.id, PROTOCOL_ERROR, 'less than its Content-Length');
    const lines = list.toRaw();
    this.request.complete = true;
    (this.request as RequestInternals)._addHeaderLines(lines, lines.length);
    this.#push(null);
    this.endRemote();
  }

  /** The application wants more of the body. */
  resume(): void {
    const withheld = this.#withheld;
    if (withheld === 0) return;
    this.#withheld = 0;
    this.connection.incoming.release(this, withheld);
  }

  // --- the response

  sendTrailers(): void {
    this.out.sendTrailers();
    this.onEndSent();
  }

  onDrain(): void {
    this.out.onDrain();
  }

  override onEndSent(): void {
    super.onEndSent();
    if (!this.closed && this.expectedBytes > UNWANTED_BYTES && !this.#isRead) this.#refuseRest();
  }

  /** The application reads the request, or will. */
  get #isRead(): boolean {
    const { _consuming, _dumped } = this.request as RequestInternals;
    return _consuming && !_dumped;
  }

  /** RFC 9113 §8.1: the answer is complete, and needs no more of the request. */
  #refuseRest(): void {
    this.reset(NO_ERROR);
    protect(() => this.request.destroy());
  }

  // --- the ways it ends

  /** The application gives up the request or the response. */
  destroy(error?: Error): void {
    const wasClosed = this.closed;
    if (!wasClosed) this.reset(error ? INTERNAL_ERROR : CANCEL);
    this.#breakOff();
  }

  onBroken(_error: Http2Error): void {
    protect(() => this.#breakOff());
  }

  onTimeout(): void {
    const { request, response, socket } = this;
    const heard = !request.complete && request.emit('timeout', socket);
    const answered = response.emit('timeout', socket);
    if (!heard && !answered && !(socket as unknown as Socket).emit('timeout')) this.destroy();
  }

  /** As when a connection of HTTP/1.1 closes under a request. */
  #breakOff(): void {
    const { request, response, socket } = this;
    if (socket.destroyed) return;
    socket.close();
    this.connection.incoming.settle(this, 0);
    if (request.destroyed) {
      // It began with the request, whose 'close' comes first then.
      setImmediate(closeResponse, response as ResponseInternals);
      return;
    }
    if (!(request.complete && response.writableFinished)) request.destroy(aborted());
    closeResponse(response as ResponseInternals);
  }

  /** The response has left, or never will. */
  onWritten(error?: Error | null): void {
    try {
      if (error) this.#breakOff();
      else this.#finishResponse();
    } catch (thrown) {
      surface(thrown);
    }
  }

  /** As node:http when a response has left: an unread body is thrown away, 'finish' and then 'close' are told. */
  #finishResponse(): void {
    const { request, response, socket } = this;
    if (socket.destroyed) return;
    const internals = request as RequestInternals & { _eventsCount: number };
    const isHeard = internals._eventsCount > 0 || !request.complete || this.unread > 0;
    if (!internals._consuming && isHeard) internals._dump();
    this.connection.incoming.settle(this, 0);
    socket._httpMessage = null;
    (response as { socket: unknown }).socket = null;
    this.out.onFinish?.();
    if ((response as unknown as { _eventsCount: number })._eventsCount > 0) {
      process.nextTick(closeResponse, response);
    } else closeResponse(response as ResponseInternals);
    socket.close();
  }
}

function aborted(): Error {
  return Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
}
