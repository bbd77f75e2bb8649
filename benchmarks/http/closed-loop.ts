import type { Dispatcher } from 'undici';

export interface Dispatches {
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean;
}

/** Picks the dispatcher for the next request. */
export type Next = () => Dispatches;

/** One of the callers of a closed loop: reads an answer to its end, then sends the next request. */
class Caller implements Dispatcher.DispatchHandler {
  readonly #loop: ClosedLoop;

  constructor(loop: ClosedLoop) {
    this.#loop = loop;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: unknown, status: number): void {
    if (status !== 200) this.#loop.fail(new Error(`status ${status}`));
  }

  onResponseData(): void {}

  onResponseEnd(): void {
    this.#loop.onAnswer();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#loop.fail(error);
  }
}

class ClosedLoop {
  readonly #next: Next;
  readonly #options: Dispatcher.DispatchOptions;
  readonly #resolve: () => void;
  readonly #reject: (error: Error) => void;
  #toSend: number;
  #open = 0;

  constructor(
    next: Next,
    options: Dispatcher.DispatchOptions,
    count: number,
    resolve: () => void,
    reject: (error: Error) => void,
  ) {
    this.#next = next;
    this.#options = options;
    this.#toSend = count;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(concurrency: number): void {
    for (let i = 0; i < concurrency; i++) this.#send();
  }

  onAnswer(): void {
    this.#open--;
    if (this.#toSend > 0) this.#send();
    else if (this.#open === 0) this.#resolve();
  }

  fail(error: Error): void {
    this.#reject(error);
  }

  #send(): void {
    this.#toSend--;
    this.#open++;
    this.#next().dispatch(this.#options, new Caller(this));
  }
}

/** Sends `count` GETs, `concurrency` at a time. */
export function closedLoop(next: Next, origin: string, concurrency: number, count: number): Promise<void> {
  const options = { origin, path: '/reviews/0', method: 'GET', headers: ['accept', 'application/json'] };
  return new Promise((resolve, reject) => new ClosedLoop(next, options, count, resolve, reject).start(concurrency));
}
