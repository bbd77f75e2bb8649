import { Socket } from 'node:net';
import type { Timer } from '@lateen/core';
import type { ServerStream } from './server-stream.ts';

type Callback = (error?: Error | null) => void;
/** A connection as `net.Socket` and `tls.TLSSocket` show it. */
type RealSocket = Socket & Record<string, ((...values: unknown[]) => unknown) | undefined>;

/** The connection below a `req.socket`; undefined when it is none of ours. */
export function connectionSocketOf(socket: unknown): Socket | undefined {
  return socket instanceof StreamSocket ? (socket.stream.connection.socket as Socket) : undefined;
}

/**
 * `req.socket` and `res.socket`: to an application the connection of this one request. Addresses and certificates are the real connection's; destroying it,
 * its timeouts and its 'close' concern the stream. node:http's own request and response work on it as they would on a connection of HTTP/1.1: what they read,
 * resume, write, cork and destroy ends up here.
 */
export class StreamSocket {
  readonly stream: ServerStream;
  destroyed = false;
  /** node:http: the response whose turn it is. */
  _httpMessage: unknown = null;
  /** node:http writes to `_writableState.corked`. */
  corked = 0;
  timeout = 0;
  #timer: Timer | undefined;

  constructor(stream: ServerStream) {
    this.stream = stream;
  }

  get _writableState(): this {
    return this;
  }

  get readable(): boolean {
    return !this.destroyed;
  }

  get writable(): boolean {
    return !this.destroyed;
  }

  get writableLength(): number {
    return this.stream.outgoing?.bytes ?? 0;
  }

  get writableNeedDrain(): boolean {
    return this.writableLength >= this.writableHighWaterMark;
  }

  get writableHighWaterMark(): number {
    return 65_536;
  }

  get readableHighWaterMark(): number {
    return 65_536;
  }

  get writableCorked(): number {
    return this.corked;
  }

  get server(): unknown {
    return this.stream.connection.httpServer;
  }

  /** Body bytes of the response, or an informational head; see {@link ResponseWriter}. */
  write(chunk: string | Uint8Array, encoding?: BufferEncoding | null | Callback, callback?: Callback | null): boolean {
    const listener = typeof encoding === 'function' ? encoding : callback;
    if (this.timeout > 0) this.touch();
    return this.stream.out.write(chunk, typeof encoding === 'function' ? undefined : encoding, listener ?? undefined);
  }

  cork(): void {
    this.corked++;
  }

  uncork(): void {
    if (this.corked > 0) this.corked--;
  }

  resume(): this {
    this.stream.resume();
    return this;
  }

  pause(): this {
    return this;
  }

  end(): this {
    return this.destroy();
  }

  destroySoon(): void {
    this.destroy();
  }

  destroy(error?: Error): this {
    if (!this.destroyed) this.stream.destroy(error);
    return this;
  }

  setTimeout(timeoutMs: number, callback?: () => void): this {
    this.timeout = timeoutMs;
    if (callback) this.#self.once('timeout', callback);
    this.touch();
    return this;
  }

  /** Something moved: the timeout begins anew. */
  touch(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.timeout <= 0 || this.destroyed) return;
    this.#timer = this.stream.connection.clock.setTimeout(() => this.stream.onTimeout(), this.timeout);
  }

  /** The stream is over. */
  close(): void {
    this.destroyed = true;
    this.timeout = 0;
    this.touch();
    const { _events } = this as unknown as { _events?: object };
    if (_events !== undefined) process.nextTick(() => this.#self.emit('close', false));
  }

  get #self(): Socket {
    return this as unknown as Socket;
  }
}

/** The same on TLS. */
export class TlsStreamSocket extends StreamSocket {}

// To an application it is a socket: `instanceof` holds, and `on`, `once`, `emit` are those of every emitter.
Object.setPrototypeOf(StreamSocket.prototype, Socket.prototype);
delegate(
  StreamSocket,
  ['remoteAddress', 'remoteFamily', 'remotePort', 'localAddress', 'localFamily', 'localPort', 'bytesRead', 'bytesWritten'],
  ['connecting', 'readyState', 'pending'],
);
delegate(TlsStreamSocket, ['encrypted', 'authorized', 'authorizationError', 'alpnProtocol', 'servername']);
delegateMethods(StreamSocket, ['address', 'setKeepAlive', 'setNoDelay', 'ref', 'unref']);
delegateMethods(
  TlsStreamSocket,
  ['getPeerCertificate', 'getPeerX509Certificate', 'getCertificate', 'getX509Certificate', 'getCipher', 'getProtocol'],
  ['getSession', 'getTLSTicket', 'isSessionReused', 'getFinished', 'getPeerFinished', 'getEphemeralKeyInfo', 'getSharedSigalgs'],
  ['exportKeyingMaterial'],
);

function delegate(kind: typeof StreamSocket, ...names: string[][]): void {
  for (const name of names.flat()) {
    Object.defineProperty(kind.prototype, name, {
      configurable: true,
      get(this: StreamSocket): unknown {
        return (this.stream.connection.socket as RealSocket)[name as 'emit'];
      },
    });
  }
}

function delegateMethods(kind: typeof StreamSocket, ...names: string[][]): void {
  for (const name of names.flat()) {
    Object.defineProperty(kind.prototype, name, {
      configurable: true,
      get(this: StreamSocket): unknown {
        const socket = this.stream.connection.socket as RealSocket;
        return socket[name]?.bind(socket);
      },
    });
  }
}
