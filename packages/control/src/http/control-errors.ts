import { ERRORS, isLateenError, LateenError, type LateenErrorCode } from '@lateen/core';
import { type Check, shape, text } from '../wire/check.ts';
import type { ErrorBody } from '../wire.ts';

/** lateend answered, and it was no. `code` is lateend's word, `body` its whole answer. */
export class ControlRefusal extends LateenError {
  /** HTTP status. */
  readonly replyStatus: number;
  readonly replyCode: string;
  readonly body: unknown;

  constructor(code: LateenErrorCode, message: string, replyStatus: number, replyCode: string, body: unknown) {
    super(code, message);
    this.replyStatus = replyStatus;
    this.replyCode = replyCode;
    this.body = body;
  }
}

const checkErrorBody: Check<ErrorBody> = shape<ErrorBody>({ error: shape({ code: text(64), message: text(65_536) }) });

/** The error for an answer that is not 2xx: lateend's own code where it is one of ours. */
export function refusedReply(url: string, status: number, body: unknown): ControlRefusal {
  const { code, message } = readError(status, body);
  const known = Object.hasOwn(ERRORS, code) ? (code as LateenErrorCode) : codeForStatus(status);
  return new ControlRefusal(known, known === code ? message : `lateend at ${url}: ${message}`, status, code, body);
}

function readError(status: number, body: unknown): ErrorBody['error'] {
  try {
    return checkErrorBody(body, '').error;
  } catch {
    return { code: '', message: `it answered with status ${status}` };
  }
}

function codeForStatus(status: number): LateenErrorCode {
  return status === 401 || status === 403 ? 'LATEEN_JOIN_REFUSED' : 'LATEEN_CONTROL_UNREACHABLE';
}

/** lateend gave no answer: the sentence says where, why, and what to do. A refusal passes through as it is. */
export function unreachable(url: string, cause: unknown): LateenError {
  if (isLateenError(cause) && cause.code !== 'LATEEN_PEER_REFUSED') return cause;
  if (isLateenError(cause)) {
    return new LateenError('LATEEN_CONTROL_UNREACHABLE', `what answers at ${url} is not this mesh's lateend: ${cause.message}`, {
      target: url,
      hint: 'check the URL, and whether lateend runs on the state that made this certificate or join string',
      cause,
    });
  }
  const { code, message } = cause as NodeJS.ErrnoException;
  return new LateenError('LATEEN_CONTROL_UNREACHABLE', `lateend at ${url} can't be reached (${message || code})`, {
    target: url,
    hint: 'start lateend there, or correct the URL',
    cause,
  });
}
