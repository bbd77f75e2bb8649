import { Cell, type Clock, type Logger, type Random, type Timer } from '@lateen/core';
import type { ControlHttp } from '../http/control-http.ts';
import type { WatchMessage, WatchQuery } from '../wire.ts';
import { Backoff } from './backoff.ts';
import { WatchStream } from './watch-stream.ts';

export interface WatchLoopOptions {
  readonly http: ControlHttp;
  readonly query: () => WatchQuery;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  onMessage(message: WatchMessage): void;
  /** The stream was lost, or (again) could not be opened. */
  onLost(error: Error): void;
}

/** Keeps a stream open: first retry after about 100 ms, then slower up to 5 s. */
export class WatchLoop {
  readonly connected = new Cell(false);
  readonly #options: WatchLoopOptions;
  readonly #backoff: Backoff;
  #current: WatchStream | undefined;
  #next: WatchStream | undefined;
  #retry: Timer | undefined;
  #closed = false;

  constructor(options: WatchLoopOptions) {
    this.#options = options;
    this.#backoff = new Backoff({ firstMs: 100, maxMs: 5_000, random: options.random });
  }

  start(): void {
    this.#open();
  }

  /** Moves to a new connection (the certificate was renewed). The old stream serves until the new one has told its snapshot. */
  renew(): void {
    if (this.#current) this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#retry?.cancel();
    this.#next?.close();
    this.#current?.close();
    this.connected.set(false);
  }

  #open(): void {
    const { http, query, clock } = this.#options;
    this.#next?.close();
    const stream: WatchStream = new WatchStream({
      http,
      query: query(),
      clock,
      onMessage: (message) => this.#receive(stream, message),
      onEnd: (error) => this.#lost(stream, error),
    });
    this.#next = stream;
  }

  #receive(stream: WatchStream, message: WatchMessage): void {
    if (stream === this.#next) {
      if (message.type !== 'snapshot') return;
      this.#current?.close();
      this.#current = stream;
      this.#next = undefined;
      this.#backoff.reset();
    }
    // A new stream's snapshot is whole: what the old one still had to say is in it.
    if (stream !== this.#current) return;
    try {
      this.#options.onMessage(message);
    } catch (error) {
      this.#options.logger.error(`a ${message.type} of lateend could not be applied: ${(error as Error).message}`);
    }
    this.connected.set(true);
  }

  #lost(stream: WatchStream, error: Error): void {
    if (this.#closed) return;
    if (stream === this.#next) this.#next = undefined;
    else this.#current = undefined;
    if (this.#next) return;
    if (!this.#current) {
      this.connected.set(false);
      this.#options.onLost(error);
    }
    this.#retry?.cancel();
    this.#retry = this.#options.clock.setTimeout(() => {
      if (!this.#closed && !this.#next) this.#open();
    }, this.#backoff.next());
  }
}
