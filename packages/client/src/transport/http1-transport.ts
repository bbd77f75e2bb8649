import { classifyFailure } from './classify-failure.ts';
import type { ConnectionLimits, Starved } from './connection-limits.ts';
import { type ConnectionOwner, Http1Connection, type Http1ConnectionOptions } from './http1-connection.ts';
import type { Exchange, Transport, TransportFailure, TransportRequest } from './transport.ts';

interface Waiting {
  readonly request: TransportRequest;
  readonly exchange: Exchange;
}

/** A pool of HTTP/1.1 connections to one endpoint. The connection used last is used next, so that the others can go idle and close. */
export class Http1Transport implements Transport, ConnectionOwner, Starved {
  readonly #options: Http1ConnectionOptions;
  readonly #limits: ConnectionLimits;
  readonly #connections = new Set<Http1Connection>();
  readonly #idle: Http1Connection[] = [];
  readonly #waiting: Waiting[] = [];
  #draining: (() => void) | undefined;
  #drained: Promise<void> | undefined;

  constructor(options: Http1ConnectionOptions, limits: ConnectionLimits) {
    this.#options = options;
    this.#limits = limits;
  }

  get connections(): number {
    return this.#connections.size;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  dispatch(request: TransportRequest, exchange: Exchange): boolean {
    const connection = exchange.needsFreshConnection ? this.#open() : (this.#idle.pop() ?? this.#open());
    if (connection) connection.send(request, exchange);
    else if (!this.#limits.mayWait()) return false;
    else {
      this.#waiting.push({ request, exchange });
      this.#limits.onWaiting(this);
    }
    return true;
  }

  cancel(exchange: Exchange, reason: Error): void {
    const index = this.#waiting.findIndex((waiting) => waiting.exchange === exchange);
    if (index >= 0) {
      this.#waiting.splice(index, 1);
      this.#limits.onServed(this, this.#waiting.length);
      exchange.onResponseError?.(null as never, reason);
      return;
    }
    for (const connection of this.#connections) {
      if (connection.exchange === exchange) return this.#close(connection, reason);
    }
  }

  failure(error: Error, exchange: Exchange, written: boolean, answered: boolean): TransportFailure {
    return classifyFailure(error, exchange.reusedConnection, written, answered);
  }

  capacity(): number {
    const room = this.#limits.maxConnections - this.#limits.connections;
    return this.#idle.length + Math.max(room, this.#connections.size === 0 ? 1 : 0);
  }

  drain(): Promise<void> {
    this.#drained ??= new Promise((resolve) => {
      this.#draining = resolve;
      for (const connection of [...this.#idle]) this.#close(connection, closing());
      this.#finishDrain();
    });
    return this.#drained;
  }

  destroy(reason: Error): void {
    for (const { exchange } of [...this.#waiting]) this.cancel(exchange, reason);
    for (const connection of [...this.#connections]) this.#close(connection, reason);
  }

  onFree(connection: Http1Connection): void {
    const next = this.#takeWaiting();
    if (next) connection.send(next.request, next.exchange);
    else if (this.#draining) this.#close(connection, closing());
    else this.#idle.push(connection);
  }

  onGone(connection: Http1Connection): void {
    this.#close(connection, closing());
  }

  serveWaiting(): void {
    while (this.#waiting.length > 0) {
      const connection = this.#idle.pop() ?? this.#open();
      if (!connection) return;
      const next = this.#takeWaiting() as Waiting;
      connection.send(next.request, next.exchange);
    }
  }

  #open(): Http1Connection | undefined {
    if (!this.#limits.mayConnect(this.#connections.size)) return undefined;
    const connection = new Http1Connection(this.#options, this);
    this.#connections.add(connection);
    this.#limits.connections++;
    return connection;
  }

  #takeWaiting(): Waiting | undefined {
    const next = this.#waiting.shift();
    if (next) this.#limits.onServed(this, this.#waiting.length);
    return next;
  }

  #close(connection: Http1Connection, reason: Error): void {
    if (!this.#connections.delete(connection)) return;
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
    connection.destroy(reason);
    this.#limits.onConnectionClosed();
    this.#finishDrain();
  }

  #finishDrain(): void {
    if (this.#connections.size === 0 && this.#waiting.length === 0) this.#draining?.();
  }
}

function closing(): Error {
  return new Error('the connection is being closed');
}
