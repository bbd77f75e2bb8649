import { createRequire } from 'node:module';
import type * as Undici from 'undici';

const GLOBAL_DISPATCHERS: readonly symbol[] = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')];

/**
 * undici, loaded without its side effect: it would put an agent of its own under the runtime's `fetch`, for good, since it makes
 * the property non-configurable. Refused that property, as on a frozen global, it keeps the agent to itself, so that an
 * application that imports undici too finds it working as usual.
 */
function loadUndici(): typeof Undici {
  const { defineProperty } = Object;
  Object.defineProperty = <T>(target: T, key: PropertyKey, descriptor: PropertyDescriptor & ThisType<unknown>): T => {
    if ((target as unknown) === globalThis && GLOBAL_DISPATCHERS.includes(key as symbol)) throw new TypeError('left as it is');
    return defineProperty(target, key, descriptor);
  };
  try {
    return createRequire(import.meta.url)('undici') as typeof Undici;
  } finally {
    Object.defineProperty = defineProperty;
  }
}

const undici: typeof Undici = loadUndici();

export const Client: typeof Undici.Client = undici.Client;
export const Dispatcher: typeof Undici.Dispatcher = undici.Dispatcher;
export const request: typeof Undici.request = undici.request;

/** Lets a handler of the older generation (`onConnect`, `onHeaders`, …) hear the newer one's calls; missing in undici's types. */
export const wrapHandler: (handler: object) => Undici.Dispatcher.DispatchHandler = (
  undici.Dispatcher1Wrapper as unknown as { wrapHandler(handler: object): Undici.Dispatcher.DispatchHandler }
).wrapHandler;
