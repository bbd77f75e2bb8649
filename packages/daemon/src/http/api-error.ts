import { WireError } from '@lateen/control';
import { CaError } from '@lateen/ca';
import { isLateenError, type LateenErrorCode } from '@lateen/core';

/** A refusal with a status of its own. `extra` stands beside `error` in the body. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly extra: object;

  constructor(status: number, code: string, message: string, extra: object = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

export interface ErrorReply {
  readonly status: number;
  readonly body: object;
  /** It is our fault: log it. */
  readonly unexpected: boolean;
}

/** Statuses of the API where the table of core means the data plane's. */
const STATUS: Partial<Record<LateenErrorCode, number>> = {
  LATEEN_CONFIG_INVALID: 422,
  LATEEN_BAD_OPTION: 400,
};

/** What the caller is told. An unexpected error tells nothing of itself. */
export function errorReply(error: unknown): ErrorReply {
  if (error instanceof ApiError) return reply(error.status, error.code, error.message, error.extra);
  if (error instanceof WireError) return reply(400, 'bad_request', error.message);
  if (error instanceof CaError) return reply(error.status, error.code, error.message);
  if (isLateenError(error)) return reply(STATUS[error.code] ?? error.status, error.code, error.message);
  return { ...reply(500, 'internal', 'lateend failed; its log says why'), unexpected: true };
}

function reply(status: number, code: string, message: string, extra: object = {}): ErrorReply {
  return { status, body: { error: { code, message }, ...extra }, unexpected: false };
}
