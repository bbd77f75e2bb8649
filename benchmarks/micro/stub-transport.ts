import { createRequire } from 'node:module';
import type { Dispatcher } from 'undici';
import type { Exchange, Transport, TransportFailure } from '@lateen/client';

/** undici's own request object: building and validating it is part of what every dispatch costs. */
interface UndiciRequest {
  onRequestStart(abort: () => void, context: null): void;
  onResponseStart(status: number, headers: Buffer[], resume: () => void, text: string): boolean;
  onResponseData(chunk: Buffer): boolean;
  onResponseEnd(trailers: Buffer[]): void;
}

const Request = createRequire(import.meta.url)('undici/lib/core/request.js') as new (
  origin: string,
  options: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
) => UndiciRequest;

const HEADERS = ['content-type', 'application/json', 'content-length', '200', 'date', 'Mon, 23 Nov 2026 00:00:00 GMT'].map(
  (text) => Buffer.from(text),
);
const BODY = Buffer.alloc(200, 'x');
const nothing = (): void => {};

/** Answers at once, without a socket: what is left is the cost of what stands above the transport. */
export class StubTransport implements Transport {
  readonly connections = 1;
  readonly waiting = 0;

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const request = new Request('http://reviews:9080', options, handler);
    request.onRequestStart(nothing, null);
    request.onResponseStart(200, HEADERS, nothing, 'OK');
    request.onResponseData(BODY);
    request.onResponseEnd([]);
    return true;
  }

  cancel(_exchange: Exchange): void {}

  failure(): TransportFailure {
    return { kind: 'reset', processed: 'unknown', reusedConnection: false, origin: 'remote' };
  }

  capacity(): number {
    return Number.POSITIVE_INFINITY;
  }

  async drain(): Promise<void> {}

  destroy(): void {}
}

/** The least a user of a dispatcher does. */
export class PlainHandler implements Dispatcher.DispatchHandler {
  status = 0;
  bytes = 0;

  onRequestStart(): void {}

  onResponseStart(_controller: unknown, status: number): void {
    this.status = status;
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.bytes += chunk.length;
  }

  onResponseEnd(): void {}

  onResponseError(_controller: unknown, error: Error): void {
    throw error;
  }
}
