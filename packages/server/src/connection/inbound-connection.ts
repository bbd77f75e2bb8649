import type { Socket } from 'node:net';
import type { Clock, Principal, Timer } from '@lateen/core';
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
  /** Answers from now on ask the peer to use another connection. */
  retiring = false;
  #retire: Timer | undefined;
  #cut: Timer | undefined;

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

  /** Bounds its life: it retires, and at the end is cut in the middle of whatever it does. */
  limit(clock: Clock, retireInMs: number, cutInMs: number): void {
    this.#retire = clock.setTimeout(() => (this.retiring = true), retireInMs);
    this.#cut = clock.setTimeout(() => this.socket.destroy(), cutInMs);
    this.socket.once('close', () => {
      this.#retire?.cancel();
      this.#cut?.cancel();
    });
  }
}
