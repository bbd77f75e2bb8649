import { Readable } from 'node:stream';
import type { RequestBody } from './dispatch.ts';
import type { RequestWriter } from './request-writer.ts';

/** The length of a body that is at hand; 0 without one, -1 when only its end will tell. */
export function bodyLength(body: RequestBody | undefined): number {
  if (body === null || body === undefined) return 0;
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (body instanceof Uint8Array) return body.byteLength;
  return -1;
}

/** Sends a body at the pace that the windows allow. A body that fails aborts the exchange. */
export function sendBody(writer: RequestWriter, body: RequestBody): void {
  if (body === null) writer.end();
  else if (typeof body === 'string') writer.write(body, true);
  else if (body instanceof Uint8Array) writer.write(bufferOf(body), true);
  else if (body instanceof Readable) sendReadable(writer, body);
  else new IterableBody(writer, body).send().catch((error: Error) => writer.fail(error));
}

function sendReadable(writer: RequestWriter, body: Readable): void {
  body.on('data', (chunk: Buffer | string) => {
    if (!writer.write(typeof chunk === 'string' ? Buffer.from(chunk) : chunk, false)) body.pause();
  });
  body.on('end', () => writer.end());
  body.on('error', (error) => writer.fail(error));
  body.on('close', () => {
    if (!body.readableEnded) writer.fail(body.errored ?? new Error('the request body was closed before its end'));
  });
  writer.onDrain = () => body.resume();
  writer.onUnwanted = (reason) => body.destroy(reason);
  if (body.destroyed && !body.readableEnded) writer.fail(body.errored ?? new Error('the request body is destroyed'));
}

/** A sender of pieces at the pace of their consumer. */
class IterableBody {
  readonly #writer: RequestWriter;
  readonly #iterator: Iterator<string | Uint8Array> | AsyncIterator<string | Uint8Array>;
  #unwanted = false;
  #proceed: (() => void) | undefined;

  constructor(writer: RequestWriter, body: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>) {
    const asynchronous = (body as AsyncIterable<string | Uint8Array>)[Symbol.asyncIterator];
    this.#writer = writer;
    this.#iterator = asynchronous?.call(body) ?? (body as Iterable<string | Uint8Array>)[Symbol.iterator]();
    writer.onDrain = () => this.#proceed?.();
    writer.onUnwanted = () => this.#stop();
  }

  async send(): Promise<void> {
    while (!this.#unwanted) {
      const { done, value } = await this.#iterator.next();
      if (this.#unwanted) return;
      if (done) return this.#writer.end();
      const room = this.#writer.write(typeof value === 'string' ? Buffer.from(value) : bufferOf(value), false);
      if (!room && !this.#unwanted) await this.#drained();
    }
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#proceed = resolve;
    });
  }

  #stop(): void {
    if (this.#unwanted) return;
    this.#unwanted = true;
    this.#proceed?.();
    // The exchange is over: what its source still has to say concerns nobody.
    Promise.resolve(this.#iterator.return?.()).catch(() => {});
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
