import { AsyncLocalStorage } from 'node:async_hooks';
import type { Cancellation } from './cancellation.ts';
import type { Principal } from './principal.ts';

/** W3C trace context of the request being served. Hex, lower case. */
export interface TraceContext {
  /** 32 digits. */
  readonly traceId: string;
  /** 16 digits: the span that is the parent of whatever is started here. */
  readonly spanId: string;
  readonly sampled: boolean;
  readonly state: string | undefined;
}

export type Priority = 'high' | 'default' | 'low';

/**
 * The inbound request that the running code serves. Written once by the server, read once by each outbound call, which
 * inherits trace, deadline, cancellation and request id with no code of the application's.
 */
export interface RequestContext {
  readonly principal: Principal | undefined;
  /** Monotonic ms of the process clock after which nobody waits for the answer; Infinity when there is none. */
  readonly deadline: number;
  readonly trace: TraceContext | undefined;
  readonly requestId: string;
  readonly priority: Priority;
  readonly cancellation: Cancellation;
}

const storage = new AsyncLocalStorage<RequestContext | undefined>();

/** The context of the running code; undefined outside a request. About 14 ns. */
export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

/** Runs `body`, and all it awaits and starts, in `context`. `args` go to `body`, so that a request needs no closure to enter its context. */
export function runInContext<Result, Args extends unknown[] = []>(
  context: RequestContext | undefined,
  body: (...args: Args) => Result,
  ...args: Args
): Result {
  return storage.run(context, body, ...args);
}
