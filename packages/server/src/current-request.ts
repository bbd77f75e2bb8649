import type { Clock, Priority, Principal, RequestContext } from '@lateen/core';

/** The request that the running code serves, as an application reads it. */
export interface CurrentRequest {
  /** Who called; undefined for a plaintext peer. */
  readonly principal: Principal | undefined;
  /** Epoch ms after which nobody waits for the answer; undefined when there is no deadline. */
  readonly deadline: number | undefined;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly requestId: string;
  readonly priority: Priority;
  /** Aborted when the caller goes away or the deadline passes. Made when first read. */
  readonly signal: AbortSignal;
}

/** A view of the context; nothing is copied before it is read. */
export function currentRequest(context: RequestContext, clock: Clock): CurrentRequest {
  return {
    principal: context.principal,
    deadline: Number.isFinite(context.deadline) ? clock.wallNow() + (context.deadline - clock.now()) : undefined,
    traceId: context.trace?.traceId,
    spanId: context.trace?.spanId,
    requestId: context.requestId,
    priority: context.priority,
    get signal() {
      return context.cancellation.signal;
    },
  };
}
