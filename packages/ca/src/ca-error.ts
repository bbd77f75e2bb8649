/** Why the authority refused, as it is told outwards: few words, no detail (that is in the audit log). */
export const CA_ERRORS = {
  bad_request: { status: 400, message: 'the request is malformed' },
  bad_csr: { status: 400, message: 'the certificate request is not acceptable' },
  key_reused: { status: 400, message: 'a renewal needs a new key' },
  unauthenticated: { status: 401, message: 'the credential is not valid' },
  forbidden: { status: 403, message: 'the credential does not allow this identity' },
  rate_limited: { status: 429, message: 'too many requests, try again later' },
  unavailable: { status: 503, message: 'the authority can not sign now' },
} as const satisfies Record<string, { status: number; message: string }>;

export type CaErrorCode = keyof typeof CA_ERRORS;

/** A refusal. `code`, `status` and `message` may be sent to the caller; `detail` and `cause` may not. */
export class CaError extends Error {
  override readonly name = 'CaError';
  readonly code: CaErrorCode;
  readonly status: number;
  /** For our own log. Holds no secret. */
  readonly detail: string;

  constructor(code: CaErrorCode, detail: string, cause?: unknown) {
    super(CA_ERRORS[code].message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = CA_ERRORS[code].status;
    this.detail = detail;
  }
}
