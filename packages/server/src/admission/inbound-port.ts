import type { Watched } from '@lateen/core';
import type { InboundRules } from './inbound-rules.ts';
import { RequestLimiter } from './request-limiter.ts';

/** One logical port of the process: what all its listeners share. */
export class InboundPort {
  /** What callers write in URLs. */
  readonly number: number;
  /** Null where nothing is limited. */
  limiter: RequestLimiter | null = null;
  /** `reviews.default.svc.cluster.local:9080/*` */
  operation = '';

  constructor(number: number) {
    this.number = number;
  }

  follow(rules: InboundRules): void {
    const pool = rules.poolOf(this.number);
    // What is being served goes on to count where the limits alone have changed.
    if (pool && this.limiter) this.limiter.pool = pool;
    else this.limiter = pool ? new RequestLimiter(pool) : null;
    this.operation = rules.operationOf(this.number);
  }
}

/** The ports of a process, made when first asked for, always as the rules in force say. */
export class InboundPorts {
  readonly #rules: Watched<InboundRules>;
  readonly #ports = new Map<number, InboundPort>();
  readonly #unsubscribe: () => void;

  constructor(rules: Watched<InboundRules>) {
    this.#rules = rules;
    this.#unsubscribe = rules.subscribe((now) => {
      for (const port of this.#ports.values()) port.follow(now);
    });
  }

  get(number: number): InboundPort {
    const known = this.#ports.get(number);
    if (known) return known;
    const port = new InboundPort(number);
    port.follow(this.#rules.value);
    this.#ports.set(number, port);
    return port;
  }

  close(): void {
    this.#unsubscribe();
  }
}
