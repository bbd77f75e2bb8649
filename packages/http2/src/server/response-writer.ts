import { protect } from '../connection/protect.ts';
import type { Written, WrittenListener } from '../frame/frame-writer.ts';
import { asPiece } from './body-piece.ts';
import { readInformational, readTrailers } from './informational.ts';
import { emitDrain } from './node-internals.ts';
import type { ResponseInternals } from './response-head.ts';
import type { ServerStream } from './server-stream.ts';

type Callback = (error?: Error | null) => void;

/**
 * Turns what node:http's response writes into frames. Head and latest piece wait for the end of the tick, so that a response that is made in one tick leaves as
 * HEADERS and one DATA that ends the stream.
 */
export class ResponseWriter {
  /** Sent behind the body. */
  trailers: string[] | undefined = undefined;
  /** node:http's own listener, which tells 'finish'. */
  onFinish: Callback | undefined = undefined;
  readonly #stream: ServerStream;
  /** Fixed, and not sent yet. */
  #head: string[] | undefined;
  #piece: Buffer | string | undefined;
  #pieceListener: Callback | undefined;
  #lingers = false;
  /** The application was asked to wait for 'drain'. */
  #full = false;

  constructor(stream: ServerStream) {
    this.#stream = stream;
  }

  /** The head is fixed; it leaves with the first piece, or once something asks for it. */
  fixHead(head: string[]): void {
    this.#head = head;
  }

  /** What node:http writes: a 1xx head before the response has one, else a piece of the body. */
  write(chunk: string | Uint8Array, encoding: BufferEncoding | null | undefined, listener: Callback | undefined): boolean {
    const stream = this.#stream;
    if (stream.closed || stream.localEnded) {
      if (listener) process.nextTick(listener);
      return false;
    }
    if ((stream.response as ResponseInternals)._header === null) return this.#writeInformation(chunk as string, listener);
    this.#linger();
    if (chunk.length === 0) {
      // end() sends its last call with nothing but the listener for 'finish'.
      if (listener) this.onFinish = listener;
      return true;
    }
    const room = this.#piece === undefined || this.#sendPiece();
    this.#piece = asPiece(chunk, encoding);
    this.#pieceListener = listener;
    this.#full ||= !room || (stream.outgoing?.bytes ?? 0) + chunk.length >= stream.socket.writableHighWaterMark;
    return !this.#full;
  }

  /** The response is complete. */
  end(): void {
    const stream = this.#stream;
    if (stream.closed || stream.localEnded) return;
    const { _trailer } = stream.response as ResponseInternals;
    if (_trailer !== '') this.trailers = readTrailers(_trailer);
    const { writer, sendFlow } = stream.connection;
    const piece = this.#piece;
    const onlyHead = this.#head !== undefined && piece === undefined && _trailer === '';
    this.#sendHead(onlyHead);
    if (onlyHead) {
      writer.whenWritten(stream);
      stream.onEndSent();
    } else if (piece === undefined) sendFlow.end(stream, stream);
    else {
      this.#piece = undefined;
      // Newer Nodes let the last piece carry their listener for 'finish'.
      const early = this.onFinish === undefined ? undefined : this.#pieceListener;
      this.onFinish ??= this.#pieceListener;
      sendFlow.write(stream, piece, true, both(early, stream));
    }
  }

  sendTrailers(): void {
    const { id, connection } = this.#stream;
    connection.out.begin(id, true);
    connection.writeFields(this.trailers as string[]);
    connection.out.end(id, true);
  }

  /** At the end of the tick: what was written leaves, whether more comes or not. */
  sendLingering(): void {
    this.#lingers = false;
    if (this.#stream.closed) return;
    this.#sendHead(false);
    if (this.#piece !== undefined) this.#sendPiece();
    if (this.#full && this.#stream.outgoing === undefined) this.onDrain();
  }

  /** There is room again. */
  onDrain(): void {
    this.#full = false;
    protect(() => emitDrain(this.#stream.response));
  }

  #writeInformation(text: string, listener: Callback | undefined): boolean {
    const { status, flat } = readInformational(text);
    const { id, connection } = this.#stream;
    connection.out.begin(id, false);
    connection.writeStatus(status);
    connection.writeFields(flat);
    connection.out.end(id, false);
    if (listener) connection.writer.whenWritten(listener);
    return true;
  }

  #sendHead(endStream: boolean): void {
    const head = this.#head;
    if (head === undefined) return;
    this.#head = undefined;
    const { id, connection, response } = this.#stream;
    connection.out.begin(id, endStream);
    connection.writeStatus(String(response.statusCode));
    connection.writeFields(head);
    connection.out.end(id, endStream);
  }

  #sendPiece(): boolean {
    this.#sendHead(false);
    const piece = this.#piece as Buffer | string;
    const listener = this.#pieceListener;
    this.#piece = undefined;
    this.#pieceListener = undefined;
    return this.#stream.connection.sendFlow.write(this.#stream, piece, false, listener);
  }

  #linger(): void {
    if (this.#lingers) return;
    this.#lingers = true;
    this.#stream.connection.addLingering(this);
  }
}

function both(first: Callback | undefined, second: WrittenListener): Written {
  if (first === undefined) return second;
  return (error) => {
    first(error);
    second.onWritten(error);
  };
}
