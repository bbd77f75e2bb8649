import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Http2Stream } from '../connection/http2-stream.ts';
import { readPriority } from '../connection/priority.ts';
import { trailerProblem } from '../client/response-head.ts';
import type { FieldList } from '../hpack/field-list.ts';
import { CANCEL, ENHANCE_YOUR_CALM, INTERNAL_ERROR, NO_ERROR, PROTOCOL_ERROR } from '../protocol/error-code.ts';
import type { Http2Error } from '../protocol/http2-error.ts';
import { httpDate } from './http-date.ts';
import { readInformational, readTrailers } from './informational.ts';
import { emitDrain } from './node-internals.ts';
import type { RequestHead } from './request-head.ts';
import { type ResponseInternals, responseHead } from './response-head.ts';
import type { ServerSession } from './server-session.ts';
import { StreamSocket, TlsStreamSocket } from './stream-socket.ts';

type Callback = (error?: Error | null) => void;

interface RequestInternals extends IncomingMessage {
  _addHeaderLines(lines: string[], count: number): void;
  _consuming: boolean;
  _dumped: boolean;
  _dump(): void;
}

/** What comes of a request that is answered and that nobody reads is thrown away, as by node:http; but no more than that. */
const UNWANTED_BYTES = 65_536;

/** One request and its response on the server. Both are node:http's own, over a {@link StreamSocket}. */
export class ServerStream extends Http2Stream {
  readonly connection: ServerSession;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: StreamSocket;
  /** The head that the response has fixed and that has not left. */
  #head: string[] | undefined;
  /** The latest piece of the body: it waits for the end of the tick, so that END_STREAM can ride on it. */
  #piece: Buffer | string | undefined;
  #pieceListener: Callback | undefined;
  #lingers = false;
  #finish: Callback | undefined;
  #trailers: string[] | undefined;
  /** Bytes that the application was not ready for: their peer must wait. */
  #withheld = 0;
  #unwanted = 0;
  /** The writer was asked to wait. */
  #full = false;

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
  }

  get unreadBytes(): number {
    return this.request.readableLength;
  }

  get hasTrailers(): boolean {
    return this.#trailers !== undefined;
  }

  /** The request has no body. */
  endRequest(): void {
    this.request.complete = true;
    this.request.push(null);
  }

  // --- the request's body

  onData(piece: Buffer): void {
    const request = this.request as RequestInternals;
    if (this.socket.timeout > 0) this.socket.touch();
    const { incoming } = this.connection;
    if (request._dumped || request.push(piece)) incoming.release(this, piece.length);
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
    this.request.push(null);
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

  /** The head is fixed; it leaves with the first piece, or at the end of the tick once something asks for it. */
  fixHead(head: string[]): void {
    this.#head = head;
  }

  /** What node:http writes: a 1xx head before the response has one, else a piece of the body. */
  write(chunk: string | Uint8Array, encoding: BufferEncoding | null | undefined, listener: Callback | undefined): boolean {
    if (this.closed || this.localEnded) {
      if (listener) process.nextTick(listener);
      return false;
    }
    if (this.socket.timeout > 0) this.socket.touch();
    const { response } = this;
    if ((response as ResponseInternals)._header === null) return this.#writeInformation(chunk as string, listener);
    if (chunk.length === 0) {
      // end() sends its last call with nothing but the listener for 'finish'.
      if (listener) this.#finish = listener;
      this.#linger();
      return true;
    }
    const room = this.#piece === undefined || this.#sendPiece();
    this.#piece = asPiece(chunk, encoding);
    this.#pieceListener = listener;
    this.#linger();
    this.#full ||= !room || (this.outgoing?.bytes ?? 0) + chunk.length >= this.socket.writableHighWaterMark;
    return !this.#full;
  }

  /** The response is complete. */
  end(): void {
    if (this.closed || this.localEnded) return;
    const { _trailer } = this.response as ResponseInternals;
    if (_trailer !== '') this.#trailers = readTrailers(_trailer);
    const { writer, sendFlow } = this.connection;
    const piece = this.#piece;
    const onlyHead = this.#head !== undefined && piece === undefined && _trailer === '';
    this.#sendHead(onlyHead);
    if (onlyHead) {
      writer.whenWritten(this.#onWritten);
      this.onEndSent();
    } else if (piece === undefined) sendFlow.end(this, this.#onWritten);
    else {
      this.#piece = undefined;
      const listener = this.#pieceListener;
      sendFlow.write(this, piece, true, listener ? (error) => (listener(error), this.#onWritten(error)) : this.#onWritten);
    }
  }

  sendTrailers(): void {
    this.connection.beginBlock(this.id, true);
    this.connection.writeFields(this.#trailers as string[]);
    this.connection.endBlock(this.id, true);
    this.onEndSent();
  }

  /** At the end of the tick: what was written leaves, whether more comes or not. */
  sendLingering(): void {
    this.#lingers = false;
    if (this.closed) return;
    this.#sendHead(false);
    if (this.#piece !== undefined) this.#sendPiece();
    if (this.#full && this.outgoing === undefined) this.onDrain();
  }

  onDrain(): void {
    this.#full = false;
    this.connection.protect(() => emitDrain(this.response));
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
    this.request.destroy();
  }

  // --- the ways it ends

  /** The application gives up the request or the response. */
  destroy(error?: Error): void {
    const wasClosed = this.closed;
    if (!wasClosed) this.reset(error ? INTERNAL_ERROR : CANCEL);
    this.#breakOff();
  }

  onBroken(_error: Http2Error): void {
    this.connection.protect(() => this.#breakOff());
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
    this.#finish = undefined;
    if (request.destroyed) {
      // It began with the request, whose 'close' comes first then.
      setImmediate(closeResponse, response as ResponseInternals);
      return;
    }
    if (!(request.complete && response.writableFinished)) request.destroy(aborted());
    closeResponse(response as ResponseInternals);
  }

  readonly #onWritten = (error?: Error | null): void => {
    if (error) return;
    this.connection.protect(() => this.#finishResponse());
  };

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
    this.#finish?.();
    if ((response as unknown as { _eventsCount: number })._eventsCount > 0) {
      process.nextTick(closeResponse, response);
    } else closeResponse(response as ResponseInternals);
    socket.close();
  }

  #writeInformation(text: string, listener: Callback | undefined): boolean {
    const { status, flat } = readInformational(text);
    const { connection } = this;
    connection.beginBlock(this.id, false);
    connection.writeStatus(status);
    connection.writeFields(flat);
    connection.endBlock(this.id, false);
    if (listener) connection.writer.whenWritten(listener);
    return true;
  }

  #sendHead(endStream: boolean): void {
    const head = this.#head;
    if (head === undefined) return;
    this.#head = undefined;
    const { connection } = this;
    connection.beginBlock(this.id, endStream);
    connection.writeStatus(String(this.response.statusCode));
    connection.writeFields(head);
    connection.endBlock(this.id, endStream);
  }

  #sendPiece(): boolean {
    this.#sendHead(false);
    const piece = this.#piece as Buffer | string;
    const listener = this.#pieceListener;
    this.#piece = undefined;
    this.#pieceListener = undefined;
    return this.connection.sendFlow.write(this, piece, false, listener);
  }

  #linger(): void {
    if (this.#lingers) return;
    this.#lingers = true;
    this.connection.addLingering(this);
  }
}

function makeRequest(socket: StreamSocket, head: RequestHead): IncomingMessage {
  const request = new IncomingMessage(socket as unknown as Socket) as RequestInternals;
  request.method = head.method;
  request.url = head.path;
  request._addHeaderLines(head.rawHeaders, head.rawHeaders.length);
  // A response asks for the version when it is made: it is to behave as over a connection that persists.
  request.httpVersionMajor = 1;
  request.httpVersionMinor = 1;
  return request;
}

/** Own properties, since frameworks replace the prototypes of what they are given. */
function makeResponse(request: IncomingMessage, socket: StreamSocket): ServerResponse {
  const response = new ServerResponse(request);
  const slots = response as unknown as { _storeHeader: unknown; _finish: unknown; socket: unknown };
  request.httpVersionMajor = 2;
  request.httpVersionMinor = 0;
  request.httpVersion = '2.0';
  slots._storeHeader = storeHeader;
  slots._finish = finish;
  socket._httpMessage = response;
  slots.socket = socket;
  return response;
}

/** In place of node:http's, which makes the text of a head for HTTP/1.1. */
function storeHeader(this: ResponseInternals, _statusLine: string, headers: Parameters<typeof responseHead>[1]): void {
  const stream = streamOf(this);
  const head = responseHead(this, headers, stream ? httpDate(stream.connection.clock) : '');
  this._header = 'HTTP/2';
  this._headerSent = true;
  stream?.fixHead(head);
}

function finish(this: ResponseInternals): void {
  const stream = streamOf(this);
  const { _finish } = ServerResponse.prototype as unknown as { _finish(this: ServerResponse): void };
  _finish.call(this);
  stream?.end();
}

function streamOf(response: ServerResponse): ServerStream | undefined {
  return (response.socket as unknown as StreamSocket | null)?.stream;
}

function closeResponse(response: ResponseInternals): void {
  if (response._closed) return;
  response.destroyed = true;
  response._closed = true;
  response.emit('close');
}

/** node:http hands a text in any encoding down to its socket. */
function asPiece(chunk: string | Uint8Array, encoding: BufferEncoding | null | undefined): Buffer | string {
  if (typeof chunk === 'string') {
    return !encoding || encoding === 'utf8' || (encoding as string) === 'utf-8' ? chunk : Buffer.from(chunk, encoding);
  }
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

function aborted(): Error {
  return Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
}
