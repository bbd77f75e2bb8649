import type { FrameWriter, Written } from '../frame/frame-writer.ts';
import { DEFAULT_FRAME_BYTES, DEFAULT_WINDOW, MAX_WINDOW } from '../protocol/frame-type.ts';
import { OutgoingQueue } from './outgoing-queue.ts';

/** A stream as its sender sees it. */
export interface SendingStream {
  readonly id: number;
  sendWindow: number;
  /** RFC 9218: 0 is sent first, 7 last. */
  urgency: number;
  /** Shares with others of its urgency frame by frame; otherwise they wait until it is done. */
  incremental: boolean;
  /** Made when something has to wait. */
  outgoing: OutgoingQueue | undefined;
  /** Stands in the list of those that can send. */
  isReady: boolean;
  /** Trailers wait behind the body: END_STREAM goes with them. */
  readonly hasTrailers: boolean;
  /** The body has left; send the trailers. */
  sendTrailers(): void;
  /** END_STREAM was written. */
  onEndSent(): void;
  /** The queue has run empty. */
  onDrain(): void;
}

/** With so many bytes on their way nothing more is added: what is urgent gets ahead of what has not left yet. */
const BACKLOG_BYTES = 262_144;
/** A stream with so many bytes waiting asks its writer to pause. */
const HIGH_WATER_BYTES = 65_536;
const URGENCIES = 8;

/** Our side of sending: both windows, and whose turn it is. Streams of one urgency take turns of one frame. */
export class SendFlow {
  /** The connection's window. */
  window = DEFAULT_WINDOW;
  readonly #writer: FrameWriter;
  readonly #schedule: () => void;
  readonly #ready: SendingStream[][] = Array.from({ length: URGENCIES }, () => []);
  #readyCount = 0;

  /** @param schedule asks for a flush, which will call {@link pump}. */
  constructor(writer: FrameWriter, schedule: () => void) {
    this.#writer = writer;
    this.#schedule = schedule;
  }

  /** Sends body bytes or lets them wait. False: pause until `onDrain`. `chunk` must stay as it is until `listener` hears. */
  write(stream: SendingStream, chunk: Buffer | string, end: boolean, listener?: Written): boolean {
    this.#schedule();
    if (stream.outgoing === undefined && this.#readyCount === 0) {
      const length = typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length;
      const mayLeave = length <= stream.sendWindow && length <= this.window && length <= DEFAULT_FRAME_BYTES;
      if ((mayLeave || length === 0) && this.#writer.backlog < BACKLOG_BYTES) {
        this.#writeNow(stream, chunk, length, end);
        if (listener) this.#writer.whenWritten(listener);
        return true;
      }
    }
    const queue = (stream.outgoing ??= new OutgoingQueue());
    queue.add(typeof chunk === 'string' ? Buffer.from(chunk) : chunk, listener);
    queue.ended ||= end;
    this.#makeReady(stream);
    return queue.bytes < HIGH_WATER_BYTES;
  }

  /** Ends the body behind what waits. */
  end(stream: SendingStream, listener?: Written): void {
    const queue = stream.outgoing;
    if (queue === undefined || queue.isEmpty) this.#endNow(stream, listener);
    else {
      // An empty chunk at the end carries the listener.
      if (listener) queue.add(Buffer.alloc(0), listener);
      queue.ended = true;
      this.#makeReady(stream);
    }
  }

  /** The peer gave `increment` to a stream. False: its window is too large now. */
  widen(stream: SendingStream, increment: number): boolean {
    stream.sendWindow += increment;
    if (stream.sendWindow > MAX_WINDOW) return false;
    if (stream.sendWindow > 0 && stream.outgoing && !stream.outgoing.isEmpty) this.#makeReady(stream);
    return true;
  }

  /** The peer gave `increment` to the connection. False: its window is too large now. */
  widenConnection(increment: number): boolean {
    this.window += increment;
    if (this.window > MAX_WINDOW) return false;
    if (this.#readyCount > 0) this.#schedule();
    return true;
  }

  /** The stream is over. */
  forget(stream: SendingStream, error: Error): void {
    if (stream.isReady) {
      const list = this.#listOf(stream);
      list.splice(list.indexOf(stream), 1);
      stream.isReady = false;
      this.#readyCount--;
    }
    stream.outgoing?.fail(error);
  }

  /** Its place among the others changes. */
  prioritize(stream: SendingStream, urgency: number, incremental: boolean): void {
    stream.incremental = incremental;
    if (stream.urgency === urgency) return;
    if (stream.isReady) {
      const list = this.#listOf(stream);
      list.splice(list.indexOf(stream), 1);
      (this.#ready[urgency] as SendingStream[]).push(stream);
    }
    stream.urgency = urgency;
  }

  /** Writes what windows and the socket take now. */
  pump(): void {
    while (this.#readyCount > 0 && this.#writer.backlog < BACKLOG_BYTES) {
      const list = this.#ready.find((streams) => streams.length > 0) as SendingStream[];
      const stream = list[0] as SendingStream;
      const queue = stream.outgoing as OutgoingQueue;
      const allowed = Math.min(stream.sendWindow, this.window, DEFAULT_FRAME_BYTES);
      if (allowed <= 0 && queue.bytes > 0) {
        if (this.window <= 0) return;
        this.#unready(list, stream); // until the peer widens its window
        continue;
      }
      this.#writePiece(stream, queue, Math.max(allowed, 0));
      if (!stream.isReady) continue;
      if (queue.isEmpty) {
        this.#unready(list, stream);
        stream.outgoing = undefined;
        if (!queue.ended) stream.onDrain();
      } else if (stream.incremental && list.length > 1) {
        list.shift();
        list.push(stream);
      }
    }
  }

  get hasReady(): boolean {
    return this.#readyCount > 0;
  }

  #writePiece(stream: SendingStream, queue: OutgoingQueue, limit: number): void {
    const piece = queue.take(limit);
    const listener = queue.finishChunk();
    const end = queue.ended && queue.isEmpty;
    if (piece.length > 0 || end) this.#writeNow(stream, piece, piece.length, end);
    if (listener) this.#writer.whenWritten(listener);
  }

  #writeNow(stream: SendingStream, chunk: Buffer | string, length: number, end: boolean): void {
    stream.sendWindow -= length;
    this.window -= length;
    const endsHere = end && !stream.hasTrailers;
    if (length > 0 || endsHere) {
      if (typeof chunk === 'string') this.#writer.text(stream.id, chunk, endsHere);
      else this.#writer.data(stream.id, chunk, endsHere);
    }
    if (!end) return;
    if (endsHere) stream.onEndSent();
    else stream.sendTrailers();
  }

  #endNow(stream: SendingStream, listener: Written | undefined): void {
    this.#writeNow(stream, '', 0, true);
    if (listener) this.#writer.whenWritten(listener);
    this.#schedule();
  }

  #makeReady(stream: SendingStream): void {
    if (stream.isReady) return;
    stream.isReady = true;
    this.#readyCount++;
    this.#listOf(stream).push(stream);
    this.#schedule();
  }

  #unready(list: SendingStream[], stream: SendingStream): void {
    list.splice(list.indexOf(stream), 1);
    stream.isReady = false;
    this.#readyCount--;
  }

  #listOf(stream: SendingStream): SendingStream[] {
    return this.#ready[stream.urgency] as SendingStream[];
  }
}
