import type { InboundPool } from './inbound-rules.ts';

/** A request that is let in now or later. */
export interface Admitted {
  /** Where it stands with the limiter; written by that alone. */
  stage: 'outside' | 'waiting' | 'inside';
  /** Called when its turn comes. */
  serve(): void;
}

/** Lets so many requests in at a time, lets some wait in order, and refuses the others: Envoy's circuit breaker of an inbound cluster. */
export class RequestLimiter {
  pool: InboundPool;
  readonly #waiting: Admitted[] = [];
  #inside = 0;

  constructor(pool: InboundPool) {
    this.pool = pool;
  }

  /** False: there are too many already. */
  enter(request: Admitted): boolean {
    const { maxRequests, maxConnections, maxPendingRequests } = this.pool;
    if (this.#inside >= maxRequests) return false;
    if (this.#inside < maxConnections) this.#letIn(request);
    else {
      if (this.#waiting.length >= maxPendingRequests) return false;
      request.stage = 'waiting';
      this.#waiting.push(request);
    }
    return true;
  }

  /** The request is over, or its caller has gone while it waited. */
  leave(request: Admitted): void {
    const { stage } = request;
    request.stage = 'outside';
    if (stage === 'waiting') this.#waiting.splice(this.#waiting.indexOf(request), 1);
    if (stage !== 'inside') return;
    this.#inside--;
    const next = this.#waiting.shift();
    if (next) this.#letIn(next);
  }

  #letIn(request: Admitted): void {
    request.stage = 'inside';
    this.#inside++;
    request.serve();
  }
}
