import type { Socket } from 'node:net';
import type { Principal } from '@lateen/core';
import type { RequestSeries } from '@lateen/telemetry';

const CONNECTION = Symbol('lateen.connection');

type ConnectedSocket = Socket & { [CONNECTION]?: InboundConnection };

export interface InboundConnectionOptions {
  readonly socket: Socket;
  /** Undefined for plaintext. */
  readonly principal: Principal | undefined;
  readonly series: RequestSeries;
  /** The `x-forwarded-client-cert` value that requests get; empty for plaintext. */
  readonly forwardedClientCert: string;
}

/** What all requests of one connection share: who is at the other end, and where they are counted. */
export class InboundConnection {
  readonly socket: Socket;
  readonly principal: Principal | undefined;
  readonly series: RequestSeries;
  readonly forwardedClientCert: string;
  /** Monotonic ms from which answers ask the peer to use another connection. */
  retireAt = Number.POSITIVE_INFINITY;
  /** Requests that are being served. */
  active = 0;
  /** Flag of the requests that end with the connection: the caller left (`DC`), or the mesh cut it (`LR`). */
  endFlag: 'DC' | 'LR' = 'DC';
  #bytesRead = 0;
  #bytesWritten = 0;

  constructor({ socket, principal, series, forwardedClientCert }: InboundConnectionOptions) {
    this.socket = socket;
    this.principal = principal;
    this.series = series;
    this.forwardedClientCert = forwardedClientCert;
    (socket as ConnectedSocket)[CONNECTION] = this;
  }

  /** The connection that a request came on; undefined when it was not accepted by the mesh. */
  static of(socket: Socket): InboundConnection | undefined {
    return (socket as ConnectedSocket)[CONNECTION];
  }

  /** Bytes that came since the last request was counted, headers and framing included. */
  takeBytesRead(): number {
    const before = this.#bytesRead;
    this.#bytesRead = this.socket.bytesRead;
    return this.#bytesRead - before;
  }

  /** Bytes that went since the last answer was counted, headers and framing included. */
  takeBytesWritten(): number {
    const before = this.#bytesWritten;
    this.#bytesWritten = this.socket.bytesWritten;
    return this.#bytesWritten - before;
  }
}
