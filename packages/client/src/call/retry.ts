import { backoffMs, shouldRetry } from '@lateen/resilience';
import type { Attempt } from './attempt.ts';
import type { CallFacts } from './call-facts.ts';

/**
 * Whether the call tries again after this attempt: the policy asks for it, a try is left, the body can be sent again, and the cluster's
 * budget and limit let it. Where one of these refuses, the call's flags say which.
 */
export function mayRetry(call: CallFacts, attempt: Attempt): boolean {
  const { retry } = call.route;
  if (retry.maxRetries === 0 || !shouldRetry(retry, attempt, call.request.method)) return false;
  if (!call.body.replayable) {
    call.bodyWasSpent = true;
    return false;
  }
  if (call.retries >= retry.maxRetries) {
    call.addFlag('URX');
    return false;
  }
  // What an earlier retry took is free again: it has its answer.
  call.endRetry();
  if (call.admission?.admitRetry(call.runtime.clock.now())) {
    call.holdsRetry = true;
    return true;
  }
  call.addFlag('UO');
  return false;
}

/** A connection that had been closed behind our back says nothing about load: the fresh try need not wait. */
export function retryDelayMs(call: CallFacts, attempt: Attempt): number {
  if (needsFreshConnection(attempt)) return 0;
  return backoffMs(call.route.backoff, call.retries, call.runtime.random);
}

/** After a reset of a reused connection the next idle one may be dead as well. */
export function needsFreshConnection(previous: Attempt | undefined): boolean {
  return previous !== undefined && previous.failure === 'reset' && previous.reusedConnection;
}
