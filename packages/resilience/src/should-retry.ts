import { type AttemptOutcome, RETRY_ON, type RetryPolicy } from './retry-policy.ts';

const GRPC = { cancelled: 1, deadlineExceeded: 4, resourceExhausted: 8, internal: 13, unavailable: 14 } as const;

/** Methods whose repetition means the same. Source: RFC 9110 §9.2.2. */
export function isIdempotent(method: string): boolean {
  return (
    method === 'GET' || method === 'HEAD' || method === 'PUT' || method === 'DELETE' || method === 'OPTIONS' || method === 'TRACE'
  );
}

/**
 * Whether the policy's conditions ask for another try after this outcome. Budgets, counts and replayable bodies are the caller's to ask.
 *
 * Envoy's conditions to the letter: the default set does not retry an upstream's own 503, nor a per-try timeout; an overflow is
 * never retried. Ours besides: a reset of a reused connection, for idempotent methods only.
 */
export function shouldRetry(policy: RetryPolicy, outcome: AttemptOutcome, method: string): boolean {
  const { conditions } = policy;
  if (conditions === 0 || outcome.failure === 'overflow' || outcome.failure === 'local') return false;
  if (outcome.status !== 0) return answerRetries(policy, outcome);
  return failureRetries(conditions, outcome, method);
}

function answerRetries({ conditions, statusCodes }: RetryPolicy, { status, grpcStatus, rateLimited }: AttemptOutcome): boolean {
  // A rate limiter's answer is not the upstream's failure: only the condition that names it counts.
  if (rateLimited) return (conditions & RETRY_ON['envoy-ratelimited']) !== 0;
  if (status >= 500 && (conditions & RETRY_ON['5xx']) !== 0) return true;
  if (status >= 502 && status <= 504 && (conditions & RETRY_ON['gateway-error']) !== 0) return true;
  if (status === 409 && (conditions & RETRY_ON['retriable-4xx']) !== 0) return true;
  if ((conditions & RETRY_ON['retriable-status-codes']) !== 0 && statusCodes.has(status)) return true;
  return grpcStatus > 0 && grpcRetries(conditions, grpcStatus);
}

function grpcRetries(conditions: number, grpcStatus: number): boolean {
  switch (grpcStatus) {
    case GRPC.cancelled:
      return (conditions & RETRY_ON.cancelled) !== 0;
    case GRPC.deadlineExceeded:
      return (conditions & RETRY_ON['deadline-exceeded']) !== 0;
    case GRPC.resourceExhausted:
      return (conditions & RETRY_ON['resource-exhausted']) !== 0;
    case GRPC.internal:
      return (conditions & RETRY_ON.internal) !== 0;
    case GRPC.unavailable:
      return (conditions & RETRY_ON.unavailable) !== 0;
    default:
      return false;
  }
}

function failureRetries(conditions: number, { failure, processed, reusedConnection }: AttemptOutcome, method: string): boolean {
  // To Envoy every failure without an answer is a reset, and a 5xx and gateway error besides, since it becomes one; so is a timed-out try.
  if ((conditions & (RETRY_ON['5xx'] | RETRY_ON['gateway-error'] | RETRY_ON.reset)) !== 0) return true;
  switch (failure) {
    case 'connect':
      return (conditions & (RETRY_ON['connect-failure'] | RETRY_ON['reset-before-request'])) !== 0;
    case 'refused':
      return (conditions & (RETRY_ON['refused-stream'] | RETRY_ON['reset-before-request'])) !== 0;
    case 'reset':
    case 'protocol':
      if (processed === 'no') return (conditions & (RETRY_ON['reset-before-request'] | RETRY_ON['refused-stream'])) !== 0;
      return reusedConnection && (conditions & RETRY_ON['reset-on-reused-connection']) !== 0 && isIdempotent(method);
    default:
      return false;
  }
}
