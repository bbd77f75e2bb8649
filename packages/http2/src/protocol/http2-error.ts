import { CANCEL, errorCodeName } from './error-code.ts';

/** Whether the peer may have acted on a request that failed. `no`: it provably has not, and even a POST can be sent elsewhere. */
export type Processed = 'no' | 'unknown' | 'yes';

export interface Http2ErrorFacts {
  /** RFC 9113's error code. */
  readonly errorCode: number;
  /** Who ended it. */
  readonly origin: 'local' | 'remote';
  readonly processed?: Processed;
  readonly cause?: unknown;
}

/**
 * Why a stream or a connection ended before its time. `code` is `HTTP2_` and the RFC's name of the error code, `HTTP2_CONNECTION_LOST` where the
 * socket closed without one, or `HTTP2_TIMEOUT` and the like for our own limits.
 */
export class Http2Error extends Error {
  override readonly name = 'Http2Error';
  readonly code: string;
  readonly errorCode: number;
  readonly origin: 'local' | 'remote';
  readonly processed: Processed;

  constructor(message: string, facts: Http2ErrorFacts, code = `HTTP2_${errorCodeName(facts.errorCode)}`) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.errorCode = facts.errorCode;
    this.origin = facts.origin;
    this.processed = facts.processed ?? 'unknown';
  }

  /** The same failure as one request sees it. */
  seenBy(processed: Processed): Http2Error {
    const { message, errorCode, origin, cause, code } = this;
    return new Http2Error(message, { errorCode, origin, processed, cause: cause ?? this }, code);
  }
}

/** A fault of the peer's, or a limit of ours. */
export function localError(errorCode: number, reason: string): Http2Error {
  return new Http2Error(`${reason} (${errorCodeName(errorCode)})`, { errorCode, origin: 'local' });
}

/** What those hear who wait for bytes of a stream that has ended. */
export const STREAM_OVER = new Http2Error('the stream is over', { errorCode: CANCEL, origin: 'local' });

/** A time limit of a request has passed: before its answer began, or within it. */
export function answerTimeout(answered: boolean): Http2Error {
  const facts = { errorCode: CANCEL, origin: 'local', processed: answered ? 'yes' : 'unknown' } as const;
  return new Http2Error(`the ${answered ? 'body' : 'head'} of the answer did not come in time`, facts, 'HTTP2_TIMEOUT');
}
