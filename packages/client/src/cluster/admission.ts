import { ConcurrencyLimit, createRetryBudget, type RetryBudget } from '@lateen/resilience';
import type { ClusterSpec } from '@lateen/routing';

/**
 * What a cluster lets in: requests in flight, retries in flight, and the budget of retries. A call pins the one it began
 * with, so that new settings never see the end of a request whose beginning they missed.
 */
export class Admission {
  readonly budget: RetryBudget;
  readonly #requests: ConcurrencyLimit;
  readonly #retries: ConcurrencyLimit;

  constructor(spec: Pick<ClusterSpec, 'connectionPool' | 'retryBudget'>, nowMs: number) {
    this.#requests = new ConcurrencyLimit(spec.connectionPool.maxRequests);
    this.#retries = new ConcurrencyLimit(spec.connectionPool.maxRetries);
    this.budget = createRetryBudget(spec.retryBudget, nowMs);
  }

  get requestsInFlight(): number {
    return this.#requests.active;
  }

  admitRequest(nowMs: number): boolean {
    if (!this.#requests.tryAcquire()) return false;
    this.budget.onRequest(nowMs);
    return true;
  }

  requestEnded(): void {
    this.#requests.release();
    this.budget.onRequestEnd();
  }

  admitRetry(nowMs: number): boolean {
    if (!this.#retries.tryAcquire()) return false;
    if (this.budget.tryWithdraw(nowMs)) return true;
    this.#retries.release();
    return false;
  }

  retryEnded(): void {
    this.#retries.release();
    this.budget.onRetryEnd();
  }
}
