import type { Dispatcher } from 'undici';

/** What is sent. `path` is the raw target, `headers` are flat raw pairs, `body` is in a shape undici takes. */
export type TransportRequest = Dispatcher.DispatchOptions;

/** Whoever waits for the answer: undici's handler, and what a transport tells about the connection. */
export interface Exchange extends Dispatcher.DispatchHandler {
  /** Written by the transport: whether the connection had served another request before. */
  reusedConnection: boolean;
  /** Read by the transport: a connection that has never served is wanted. */
  readonly needsFreshConnection: boolean;
  /** Read by the transport: nothing more will come of it. */
  readonly ended: boolean;
}

/** How an exchange failed, in words that hold for any transport. */
export interface TransportFailure {
  readonly kind: 'connect' | 'peer-refused' | 'reset' | 'timeout' | 'protocol' | 'headers-too-large' | 'local';
  /** Whether the peer may have seen the request. */
  readonly processed: 'no' | 'unknown' | 'yes';
  readonly reusedConnection: boolean;
  readonly origin: 'local' | 'remote';
}

/** The way to one endpoint. Nothing above knows whether it is a pool of HTTP/1.1 connections or one HTTP/2 session. */
export interface Transport {
  /** Sends, or waits for a connection. False when the limits leave no room to wait; then the exchange is not touched. */
  dispatch(request: TransportRequest, exchange: Exchange): boolean;
  /** Takes back an exchange whose request was not written yet; it fails with `reason`. */
  cancel(exchange: Exchange, reason: Error): void;
  /** What an error that reached the exchange means. `written`: its request had started; `answered`: so had the answer. */
  failure(error: Error, exchange: Exchange, written: boolean, answered: boolean): TransportFailure;
  /** How many requests could be sent now without waiting. */
  capacity(): number;
  readonly connections: number;
  readonly waiting: number;
  /** Lets what is in flight finish, then closes. */
  drain(): Promise<void>;
  /** Ends everything now; what is in flight fails with `reason`. */
  destroy(reason: Error): void;
}
