import type { Readable } from 'node:stream';

// The shapes of undici 8's Dispatcher, so that its handlers and options fit without the dependency.

export type RequestBody =
  | string
  | Uint8Array
  | Readable
  | Iterable<string | Uint8Array>
  | AsyncIterable<string | Uint8Array>
  | null;

export type RequestHeaders =
  | readonly (string | readonly string[])[]
  | Readonly<Record<string, string | number | readonly string[] | undefined>>
  | Iterable<readonly [string, string | readonly string[] | undefined]>
  | null;

export interface DispatchRequest {
  /** The raw target; begins with `/`, or is `*`. */
  readonly path: string;
  readonly method: string;
  /** Its host is the authority of requests without a Host field. */
  readonly origin?: string | URL;
  readonly headers?: RequestHeaders | undefined;
  readonly body?: RequestBody | undefined;
  /** Holds the body back until the server says 100 Continue, answers, or a second has passed. So does `expect: 100-continue`. */
  readonly expectContinue?: boolean;
  /** From sending to the answer's head. Default: no limit. */
  readonly headersTimeout?: number | null | undefined;
  /** Between two pieces of the answer's body. Default: no limit. */
  readonly bodyTimeout?: number | null | undefined;
  readonly upgrade?: boolean | string | null | undefined;
}

/** Lower-case names; repeated fields are lists. */
export type ResponseHeaders = Record<string, string | string[]>;

export interface DispatchController {
  readonly aborted: boolean;
  readonly paused: boolean;
  readonly reason: Error | null;
  /** Flat pairs of the head received last. */
  readonly rawHeaders: string[];
  readonly rawTrailers: string[];
  /** Ends the exchange; `onResponseError` hears `reason`. */
  abort(reason: Error): void;
  /** Nothing is delivered until `resume`; the peer's window fills up meanwhile. */
  pause(): void;
  resume(): void;
}

export interface DispatchHandler {
  /** The request is about to be written. */
  onRequestStart?(controller: DispatchController, context: unknown): void;
  /** Once with the final status; before that for each 1xx other than 100. */
  onResponseStart?(controller: DispatchController, statusCode: number, headers: ResponseHeaders, statusMessage?: string): void;
  onResponseData?(controller: DispatchController, chunk: Buffer): void;
  onResponseEnd?(controller: DispatchController, trailers: ResponseHeaders): void;
  /** An {@link Http2Error}, or the reason given to `abort`. Nothing follows. */
  onResponseError?(controller: DispatchController, error: Error): void;
  onBodySent?(chunk: Buffer): void;
  onRequestSent?(): void;
}
