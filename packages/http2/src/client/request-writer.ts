import type { ClientStream } from './client-stream.ts';
import type { RequestBody } from './dispatch.ts';
import { sendBody } from './request-body.ts';

/** The body of a request on its way: whoever makes it writes here, and hears when to go on and when nobody wants the rest. */
export class RequestWriter {
  /** There is room again. */
  onDrain: (() => void) | undefined = undefined;
  /** The exchange is over before the body was. */
  onUnwanted: ((reason: Error) => void) | undefined = undefined;
  readonly #stream: ClientStream;
  /** Held back for 100 Continue. */
  #held: RequestBody | undefined;

  constructor(stream: ClientStream) {
    this.#stream = stream;
  }

  /** False: wait for `onDrain`. */
  write(chunk: Buffer | string, end: boolean): boolean {
    const stream = this.#stream;
    if (stream.closed || stream.localEnded) return true;
    const room = stream.connection.sendFlow.write(stream, chunk, end);
    if (typeof chunk !== 'string') stream.handler.onBodySent?.(chunk);
    return room;
  }

  end(): void {
    const stream = this.#stream;
    if (!stream.closed && !stream.localEnded) stream.connection.sendFlow.end(stream);
  }

  fail(error: Error): void {
    this.#stream.abort(error);
  }

  hold(body: RequestBody): void {
    this.#held = body;
  }

  /** Sends what was held back. */
  release(): void {
    const body = this.#held;
    this.#held = undefined;
    if (body !== undefined && !this.#stream.closed) sendBody(this, body);
  }
}
