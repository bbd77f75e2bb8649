import { createRetryBudget, type RetryBudget } from '@lateen/resilience';
import type { ClusterSpec } from '@lateen/routing';

/**
 * What a cluster lets in: requests in flight, retries in flight, and the budget of retries. A call pins the one it began
 * with, so that new settings never see the end of a request whose beginning they missed.
 */
export class Admission {
  readonly budget: RetryBudget;
  readonly #maxRequests: number;
  readonly #maxRetries: number;
  #requests = 0;
  #retries = 0;

  constructor(spec: Pick<ClusterSpec, 'connectionPool' | 'retryBudget'>, nowMs: number) {
    this.#maxRequests = spec.connectionPool.maxRequests;
    this.#maxRetries = spec.connectionPool.maxRetries;
    this.budget = createRetryBudget(spec.retryBudget, nowMs);
  }

  get requestsInFlight(): number {
    return this.#requests;
  }

  admitRequest(nowMs: number): boolean {
    if (this.#requests >= this.#maxRequests) return false;
    this.#requests++;
    this.budget.onRequest(nowMs);
    return true;
  }

  requestEnded(): void {
    this.#requests--;
    this.budget.onRequestEnd();
  }

  admitRetry(nowMs: number): boolean {
    if (this.#retries >= this.#maxRetries || !this.budget.tryWithdraw(nowMs)) return false;
    this.#retries++;
    return true;
  }

  retryEnded(): void {
    this.#retries--;
    this.budget.onRetryEnd();
  }
}
