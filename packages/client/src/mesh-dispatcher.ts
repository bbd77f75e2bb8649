import type { Dispatcher as UndiciDispatcher } from 'undici';
import { currentContext, LateenError } from '@lateen/core';
import { Call } from './call/call.ts';
import { outboundRequest } from './call/outbound-request.ts';
import type { ClientRuntime } from './runtime.ts';
import { Dispatcher } from './undici.ts';

/** What ends the dispatcher's life; given by whoever made it. */
export interface DispatcherLifecycle {
  drain(): Promise<void>;
  close(reason: Error | undefined): Promise<void>;
}

/**
 * An undici `Dispatcher` whose requests go through the mesh: `request`, `stream`, `pipeline`, `upgrade`, `connect`, and `compose()` for interceptors
 * around it. `close()` drains, `destroy()` ends at once.
 */
export class MeshDispatcher extends Dispatcher {
  readonly #runtime: ClientRuntime;
  readonly #lifecycle: DispatcherLifecycle;
  #closed = false;

  constructor(runtime: ClientRuntime, lifecycle: DispatcherLifecycle) {
    super();
    this.#runtime = runtime;
    this.#lifecycle = lifecycle;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Always true: requests that find no connection wait within the cluster's limits, or fail. */
  override dispatch(options: UndiciDispatcher.DispatchOptions, handler: UndiciDispatcher.DispatchHandler): boolean {
    try {
      if (this.#closed) throw closedError();
      const call = new Call(this.#runtime, outboundRequest(options), options.body ?? null, handler, currentContext());
      call.start();
    } catch (error) {
      if (typeof handler?.onResponseError !== 'function') throw error;
      handler.onResponseError(null as never, error as Error);
    }
    return true;
  }

  /** From now on dispatches are refused with `LATEEN_CLOSED`. */
  refuse(): void {
    this.#closed = true;
  }

  override close(callback?: () => void): Promise<void> & void {
    return whenDone(this.#lifecycle.drain(), callback);
  }

  override destroy(...given: unknown[]): Promise<void> & void {
    const reason = given.find((argument) => argument instanceof Error);
    const callback = given.find((argument) => typeof argument === 'function') as (() => void) | undefined;
    return whenDone(this.#lifecycle.close(reason), callback);
  }
}

function closedError(): LateenError {
  return new LateenError('LATEEN_CLOSED', 'the mesh is closed', {
    hint: 'call mesh.drain() or mesh.close() only when no more requests follow',
  });
}

function whenDone(done: Promise<void>, callback: (() => void) | undefined): Promise<void> & void {
  if (callback) void done.then(callback);
  return done as Promise<void> & void;
}
