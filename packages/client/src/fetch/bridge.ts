import type { Dispatcher as UndiciDispatcher } from 'undici';
import type { MeshDispatcher } from '../mesh-dispatcher.ts';
import { wrapHandler } from '../undici.ts';

/** A body that can be read more than once. */
export type ReplayableSource = string | Uint8Array;

/**
 * What the runtime's own fetch takes for a dispatcher, whichever undici is built into it: handlers of the older generation are wrapped. `fetch` turns every
 * body into a generator; where the source is known it is handed on instead, so that it can be sent again.
 */
export class FetchBridge {
  readonly #dispatcher: MeshDispatcher;
  readonly #source: ReplayableSource | undefined;

  constructor(dispatcher: MeshDispatcher, source: ReplayableSource | undefined) {
    this.#dispatcher = dispatcher;
    this.#source = source;
  }

  dispatch(options: UndiciDispatcher.DispatchOptions, handler: UndiciDispatcher.DispatchHandler): boolean {
    const wrapped = wrapHandler(handler);
    // A redirect may have dropped the body; then there is nothing to replace.
    const body = this.#source !== undefined && options.body ? this.#source : options.body;
    return this.#dispatcher.dispatch({ ...options, body } as UndiciDispatcher.DispatchOptions, wrapped);
  }
}
