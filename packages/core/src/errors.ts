/**
 * Every way a call or a process can fail by Lateen's own word: HTTP status, Envoy response flag, and whether the request
 * provably never reached the application (`safeToRetry`; it never crosses a hop).
 * `docs/errors.md` is tested against this table.
 */
export const ERRORS = {
  // The call could not be made.
  LATEEN_NO_ROUTE: { status: 404, flag: 'NR', safeToRetry: false },
  LATEEN_NO_CLUSTER: { status: 503, flag: 'NC', safeToRetry: false },
  LATEEN_HOST_REFUSED: { status: 502, flag: '-', safeToRetry: false },
  LATEEN_NO_HEALTHY_ENDPOINT: { status: 503, flag: 'UH', safeToRetry: true },
  LATEEN_BREAKER_OPEN: { status: 503, flag: 'UO', safeToRetry: true },
  LATEEN_OVERFLOW: { status: 503, flag: 'UO', safeToRetry: true },
  LATEEN_CONNECT_FAILED: { status: 503, flag: 'UF', safeToRetry: true },
  LATEEN_PEER_REFUSED: { status: 503, flag: 'UF', safeToRetry: true },
  LATEEN_IDENTITY_MISSING: { status: 503, flag: 'UH', safeToRetry: true },
  // It was made and broke.
  LATEEN_UPSTREAM_RESET: { status: 503, flag: 'UC', safeToRetry: false },
  LATEEN_UPSTREAM_PROTOCOL: { status: 502, flag: 'UPE', safeToRetry: false },
  LATEEN_TIMEOUT: { status: 504, flag: 'UT', safeToRetry: false },
  LATEEN_DEADLINE_EXCEEDED: { status: 504, flag: 'UT', safeToRetry: false },
  LATEEN_CANCELLED: { status: 499, flag: 'DC', safeToRetry: false },
  LATEEN_BODY_NOT_REPLAYABLE: { status: 503, flag: 'UF', safeToRetry: false },
  LATEEN_HEADERS_TOO_LARGE: { status: 431, flag: 'DPE', safeToRetry: false },
  LATEEN_UNSUPPORTED_PROTOCOL: { status: 502, flag: 'UPE', safeToRetry: false },
  // The inbound side refused.
  LATEEN_DRAINING: { status: 503, flag: 'LR', safeToRetry: true },
  LATEEN_PLAINTEXT_REFUSED: { status: 403, flag: '-', safeToRetry: false },
  // The process.
  LATEEN_CLOSED: { status: 503, flag: 'UH', safeToRetry: false },
  LATEEN_BAD_OPTION: { status: 500, flag: '-', safeToRetry: false },
  LATEEN_CONFIG_INVALID: { status: 500, flag: '-', safeToRetry: false },
  LATEEN_CONTROL_UNREACHABLE: { status: 503, flag: '-', safeToRetry: true },
  LATEEN_JOIN_REFUSED: { status: 401, flag: '-', safeToRetry: false },
  LATEEN_CLOCK_SKEW: { status: 503, flag: '-', safeToRetry: true },
  LATEEN_STATE_CORRUPT: { status: 500, flag: '-', safeToRetry: false },
  LATEEN_STATE_PERMISSIONS: { status: 500, flag: '-', safeToRetry: false },
  LATEEN_PORT_IN_USE: { status: 500, flag: '-', safeToRetry: false },
  LATEEN_CONSUL_UNREACHABLE: { status: 503, flag: '-', safeToRetry: true },
  LATEEN_REGISTER_REFUSED: { status: 403, flag: '-', safeToRetry: false },
} as const satisfies Record<string, { status: number; flag: ResponseFlag; safeToRetry: boolean }>;

export type LateenErrorCode = keyof typeof ERRORS;

/** Envoy's response flags, the ones Lateen can raise. A record carries a list of them. */
export type ResponseFlag =
  | '-'
  | 'DC'
  | 'LH'
  | 'UH'
  | 'UT'
  | 'LR'
  | 'UR'
  | 'UF'
  | 'UC'
  | 'UO'
  | 'URX'
  | 'NR'
  | 'DI'
  | 'FI'
  | 'RL'
  | 'UAEX'
  | 'IH'
  | 'DPE'
  | 'UPE'
  | 'NC'
  | 'OM'
  | 'DO';

/** What one try did, as an error or `explain` tells it. */
export interface AttemptSummary {
  /** `address:port` of the endpoint, empty when none was picked. */
  readonly endpoint: string;
  /** HTTP status, 0 when no response came. */
  readonly status: number;
  readonly flag: ResponseFlag;
  readonly durationMs: number;
  readonly cause?: string;
}

export interface LateenErrorOptions {
  /** What was called: `reviews.default.svc.cluster.local:9080`, a file, a port. */
  readonly target?: string;
  /** All flags, outermost first (`URX,UF`); default: the table's one. */
  readonly flags?: readonly ResponseFlag[];
  readonly attempts?: readonly AttemptSummary[];
  /** The rule that decided, `mesh/reviews.yaml:31`. */
  readonly policy?: string;
  /** What the reader can do about it, one imperative sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

const IS_LATEEN_ERROR = Symbol.for('lateen.error');

/**
 * The one error class. The message says in one sentence what failed, where, and, with `hint`, how to mend it.
 * Test with {@link isLateenError}, which also knows errors of another installed copy.
 */
export class LateenError extends Error {
  override readonly name = 'LateenError';
  readonly code: LateenErrorCode;
  readonly status: number;
  /** Envoy's flags joined by commas: `UH`, `URX,UF`. */
  readonly flag: string;
  readonly retryable: boolean;
  readonly target: string | undefined;
  readonly attempts: readonly AttemptSummary[];
  readonly policy: string | undefined;
  readonly hint: string | undefined;
  readonly [IS_LATEEN_ERROR] = true;

  constructor(code: LateenErrorCode, message: string, options: LateenErrorOptions = {}) {
    super(
      options.hint ? `${message}; ${options.hint}` : message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    const row = ERRORS[code];
    this.code = code;
    this.status = row.status;
    this.flag = options.flags && options.flags.length > 0 ? options.flags.join(',') : row.flag;
    this.retryable = row.safeToRetry;
    this.target = options.target;
    this.attempts = options.attempts ?? [];
    this.policy = options.policy;
    this.hint = options.hint;
  }

  toJSON(): object {
    const { name, code, message, status, flag, target, attempts, retryable, policy, hint } = this;
    return { name, code, message, status, flag, target, attempts, retryable, policy, hint, cause: causeText(this.cause) };
  }
}

export function isLateenError(value: unknown): value is LateenError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[IS_LATEEN_ERROR] === true;
}

function causeText(cause: unknown): string | undefined {
  if (cause === undefined) return undefined;
  return cause instanceof Error ? cause.message : String(cause);
}
