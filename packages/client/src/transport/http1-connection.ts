import type { Client as UndiciClient } from 'undici';
import type { Socket } from 'node:net';
import type { Clock, Timer } from '@lateen/core';
import type { ConnectionLifetime } from '@lateen/identity';
import { Client } from '../undici.ts';
import type { Connect } from './connect.ts';
import type { Exchange, TransportRequest } from './transport.ts';

/** Who owns a connection and hears what becomes of it. */
export interface ConnectionOwner {
  /** The exchange is over and the connection can take another. */
  onFree(connection: Http1Connection): void;
  /** It is closed, or must take no more. */
  onGone(connection: Http1Connection): void;
}

export interface Http1ConnectionOptions {
  /** `http://reviews:9080`: makes the Host header of requests that bring none. */
  readonly origin: string;
  readonly connect: Connect;
  readonly clock: Clock;
  readonly idleTimeoutMs: number;
  readonly maxRequestsPerConnection: number;
  /** Nothing new is sent on a connection older than this. */
  readonly maxConnectionDurationMs: number;
}

/** What undici refuses by default at 16 KiB, a sidecar passes on. */
const MAX_RESPONSE_HEADER_BYTES = 1024 * 1024;
/** Idle at the peer's `Keep-Alive: timeout` less this, so that we close first and never write into a closing connection. */
const KEEP_ALIVE_MARGIN_MS = 1_000;
/** Where the peer names no timeout; Node's servers close after 5 s. */
const KEEP_ALIVE_DEFAULT_MS = 4_000;

/** One HTTP/1.1 connection, one exchange at a time. It never outlives the certificates it was made with. */
export class Http1Connection {
  /** No request may follow the one in flight. */
  retired = false;
  connected = false;
  readonly #owner: ConnectionOwner;
  readonly #client: UndiciClient;
  readonly #clock: Clock;
  #exchange: Exchange | undefined;
  #served = 0;
  #gone = false;
  #retirement: Timer | undefined;

  constructor(options: Http1ConnectionOptions, owner: ConnectionOwner) {
    this.#owner = owner;
    this.#clock = options.clock;
    this.#client = new Client(options.origin, {
      allowH2: false,
      pipelining: 1,
      maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
      keepAliveTimeout: Math.min(KEEP_ALIVE_DEFAULT_MS, options.idleTimeoutMs),
      keepAliveMaxTimeout: options.idleTimeoutMs,
      keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MS,
      ...(Number.isFinite(options.maxRequestsPerConnection) ? { maxRequestsPerClient: options.maxRequestsPerConnection } : {}),
      connect: (_options, callback) => {
        options.connect((error, established) => {
          if (!established) return callback(error as Error, null);
          if (established.lifetime) this.#boundLifetime(established.socket, established.lifetime);
          if (Number.isFinite(options.maxConnectionDurationMs))
            this.#boundAge(established.socket, options.maxConnectionDurationMs);
          callback(null, established.socket);
        });
      },
    });
    this.#client.on('connect', () => this.#onConnect());
    this.#client.on('disconnect', () => this.#onDisconnect());
    this.#client.on('connectionError', () => this.#leave());
    this.#client.on('drain', () => this.#onDrain());
  }

  /** The exchange whose request was handed over last. */
  get exchange(): Exchange | undefined {
    return this.#exchange;
  }

  send(request: TransportRequest, exchange: Exchange): void {
    this.#exchange = exchange;
    exchange.reusedConnection = this.#served > 0;
    this.#served++;
    this.#client.dispatch(request, exchange);
    // Refused before it was written (an invalid header): undici will not tell when it is free again.
    if (exchange.ended) this.#leave();
  }

  /** Closes it now; an exchange in flight fails with `reason`. */
  destroy(reason: Error): void {
    this.#gone = true;
    this.#retirement?.cancel();
    this.#client.destroy(reason, () => {});
  }

  #onConnect(): void {
    this.connected = true;
    this.#served = 1;
    if (this.#exchange) this.#exchange.reusedConnection = false;
  }

  #onDisconnect(): void {
    this.connected = false;
    this.#retirement?.cancel();
    if (!this.#exchange || this.#exchange.ended) this.#leave();
  }

  #onDrain(): void {
    if (this.#gone) return;
    if (!this.connected || this.retired) return this.#leave();
    this.#exchange = undefined;
    this.#owner.onFree(this);
  }

  #leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#owner.onGone(this);
  }

  #boundAge(socket: Socket, maxAgeMs: number): void {
    const end = this.#clock.setTimeout(() => this.#retire(), maxAgeMs);
    socket.once('close', () => end.cancel());
  }

  #retire(): void {
    this.retired = true;
    if (!this.#exchange) this.#leave();
  }

  #boundLifetime(socket: Socket, lifetime: ConnectionLifetime): void {
    this.#retirement = this.#clock.setTimeout(() => this.#retire(), lifetime.retireInMs);
    const cut = this.#clock.setTimeout(() => socket.destroy(certificateExpired()), lifetime.cutInMs);
    socket.once('close', () => cut.cancel());
  }
}

function certificateExpired(): Error {
  return Object.assign(new Error('the certificate of this connection has expired'), { code: 'LATEEN_CERTIFICATE_EXPIRED' });
}
