/** Takes a subscription back. */
export type Unsubscribe = () => void;

/**
 * A slow value: what it is now, and word when it changes. Configuration, endpoints and certificates
 * travel like this. The request path reads `.value`, which costs one property read.
 */
export interface Watched<T> {
  readonly value: T;
  /** `listener` is called with each later value, synchronously, not with the present one. */
  subscribe(listener: (value: T) => void): Unsubscribe;
}

/**
 * A `Watched` with a pen: whoever owns the value holds the `Cell`, everyone else sees the `Watched`.
 *
 * Setting the identical value (`Object.is`, or the given `equals`) tells nobody. A listener that throws does not stop
 * the others: its error is rethrown after all were told.
 */
export class Cell<T> implements Watched<T> {
  #value: T;
  readonly #equals: (a: T, b: T) => boolean;
  readonly #listeners = new Set<(value: T) => void>();

  constructor(value: T, equals: (a: T, b: T) => boolean = Object.is) {
    this.#value = value;
    this.#equals = equals;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (this.#equals(this.#value, value)) return;
    this.#value = value;
    let failed = false;
    let failure: unknown;
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        failed = true;
        failure = error;
      }
    }
    if (failed) throw failure;
  }

  subscribe(listener: (value: T) => void): Unsubscribe {
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }
}

/** A value that never changes, where a `Watched` is asked for. */
export function constant<T>(value: T): Watched<T> {
  return { value, subscribe: () => () => {} };
}

/** What `compute` makes of the sources' values, recomputed when one of them changes. `close()` lets go of them. */
export interface Derived<T> extends Watched<T> {
  close(): void;
}

type Values<Sources extends readonly Watched<unknown>[]> = {
  [Index in keyof Sources]: Sources[Index] extends Watched<infer Value> ? Value : never;
};

/**
 * Derives one watched value from others.
 *
 * `compute` runs once now and once per change. When it throws on a change the last good value stays, and the error goes
 * to `onError` (default: it is rethrown to whoever set the source).
 */
export function derive<const Sources extends readonly Watched<unknown>[], T>(
  sources: Sources,
  compute: (...values: Values<Sources>) => T,
  onError?: (error: unknown) => void,
): Derived<T> {
  const read = (): T => compute(...(sources.map((source) => source.value) as Values<Sources>));
  const cell = new Cell(read());
  const refresh = (): void => {
    try {
      cell.set(read());
    } catch (error) {
      if (!onError) throw error;
      onError(error);
    }
  };
  const subscriptions = sources.map((source) => source.subscribe(refresh));
  return {
    get value() {
      return cell.value;
    },
    subscribe: (listener) => cell.subscribe(listener),
    close: () => {
      for (const unsubscribe of subscriptions) unsubscribe();
    },
  };
}

/** Resolves with the first value, the present one included, that `test` accepts. */
export function whenValue<T, Wanted extends T>(
  watched: Watched<T>,
  test: (value: T) => value is Wanted,
  signal?: AbortSignal,
): Promise<Wanted>;
export function whenValue<T>(watched: Watched<T>, test: (value: T) => boolean, signal?: AbortSignal): Promise<T>;
export function whenValue<T>(watched: Watched<T>, test: (value: T) => boolean, signal?: AbortSignal): Promise<T> {
  if (test(watched.value)) return Promise.resolve(watched.value);
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      unsubscribe();
      reject(signal?.reason);
    };
    const unsubscribe = watched.subscribe((value) => {
      if (!test(value)) return;
      unsubscribe();
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
