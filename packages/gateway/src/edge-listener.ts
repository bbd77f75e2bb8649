import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { isUpgrade, LateenError, type ParseError, REFUSALS, refuseUnreadable } from '@lateen/core';
import { EdgeResponse } from './edge-exchange.ts';
import { EdgeRequests, type Entrance } from './edge-requests.ts';
import type { EdgeSettings } from './edge-settings.ts';
import { clientOf, type PortRoutes } from './port-routes.ts';
import { clientCertificateHeader } from './tls/client-certificate.ts';
import { TlsDoor } from './tls/tls-door.ts';
import type { TlsServer } from './tls/tls-server.ts';

/** Envoy's limit. */
const MAX_HEADER_BYTES = 60 * 1024;
/** Longer than what usual clients and balancers keep a connection, so that they close it and not we. */
const KEEP_ALIVE_MS = 75_000;

export interface EdgeListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly routes: PortRoutes;
  readonly settings: EdgeSettings;
  /** Where the Gateway stands that asks for the port, for messages. */
  readonly place: string;
}

/** By which server a connection came in over TLS. */
interface SecuredBy {
  readonly server: TlsServer;
  readonly clientCertificate: string | undefined;
}

/** One bound port: takes connections, ends TLS where the Gateway says so, and reads requests. */
export class EdgeListener {
  readonly #options: EdgeListenerOptions;
  readonly #server: Server<typeof IncomingMessage, typeof EdgeResponse>;
  readonly #requests: EdgeRequests;
  readonly #secured = new WeakMap<Socket, SecuredBy>();
  /** On their way through the handshake. */
  readonly #entering = new Set<Socket>();
  #routes: PortRoutes;
  #door: TlsDoor | undefined;
  #draining = false;

  /** @throws where certificates are unusable */
  constructor(options: EdgeListenerOptions) {
    this.#options = options;
    this.#routes = options.routes;
    this.#door = this.#doorFor(options.routes);
    this.#requests = new EdgeRequests(options.settings);
    this.#server = createServer({
      ServerResponse: EdgeResponse,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      requireHostHeader: false,
      shouldUpgradeCallback: isUpgrade,
    });
    this.#server.maxHeadersCount = 0;
    this.#takeConnections();
    this.#takeRequests();
  }

  /** Where requests go. */
  get routes(): PortRoutes {
    return this.#routes;
  }

  /**
   * Other routes or certificates from now on; connections there are stay.
   *
   * @throws where certificates are unusable; nothing has changed then.
   */
  change(routes: PortRoutes): void {
    this.#door = this.#doorFor(routes);
    this.#routes = routes;
  }

  /** @throws LateenError `LATEEN_PORT_IN_USE` */
  async listen(): Promise<AddressInfo> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause) => reject(this.#bindError(cause)));
      this.#server.listen(port, host, resolve);
    });
    return this.#server.address() as AddressInfo;
  }

  /** Takes no new connection, says so on those there are, and resolves when the last answer is given or after `timeoutMs`. */
  async drain(timeoutMs: number): Promise<void> {
    this.#draining = true;
    const timer = this.#options.settings.clock.setTimeout(() => this.close(), timeoutMs);
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    timer.cancel();
  }

  /** Ends every connection now. */
  close(): void {
    this.#draining = true;
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.#entering) socket.destroy();
    this.#requests.close();
  }

  #doorFor({ tls }: PortRoutes): TlsDoor | undefined {
    return tls && new TlsDoor(tls, (socket, server) => this.#letIn(socket, server));
  }

  /** Node's own connection handler gets what has come through. */
  #takeConnections(): void {
    const [serve] = this.#server.listeners('connection') as ((socket: Socket) => void)[];
    if (!serve) throw new Error('this Node has no connection handler on http.Server');
    this.#server.removeAllListeners('connection');
    this.#server.on('connection', (socket: Socket) => {
      if (this.#secured.has(socket) || !this.#door) return serve.call(this.#server, socket);
      this.#entering.add(socket);
      socket.once('close', () => this.#entering.delete(socket));
      socket.on('error', () => socket.destroy());
      this.#door.admit(socket);
    });
  }

  #letIn(socket: TLSSocket, server: TlsServer): void {
    this.#secured.set(socket, { server, clientCertificate: clientCertificateHeader(server, socket) });
    this.#server.emit('connection', socket);
  }

  #takeRequests(): void {
    const server = this.#server;
    const requests = this.#requests;
    server.on('request', (request, response) => {
      if (this.#draining) response.setHeader('connection', 'close');
      requests.serve(request, response, this.#entrance(request));
    });
    server.on('upgrade', (request, socket, head) => requests.upgrade(request, socket, head, this.#entrance(request)));
    server.on('connect', (request, socket) => requests.refuseUpgrade(request, socket, REFUSALS.noPath));
    server.on('clientError', (error: ParseError, socket) => requests.log(refuseUnreadable(error, socket as Socket)));
  }

  #entrance({ socket }: IncomingMessage): Entrance {
    const secured = this.#secured.get(socket);
    return {
      scheme: secured ? 'https' : 'http',
      client: clientOf(this.#routes, secured?.server),
      clientCertificate: secured?.clientCertificate,
    };
  }

  #bindError(cause: NodeJS.ErrnoException): LateenError {
    const { host, port, place } = this.#options;
    const why = cause.code === 'EADDRINUSE' ? 'is in use' : `cannot be bound (${cause.message})`;
    const hint = 'stop what holds it, or move all ports with --port-offset';
    const target = `${host}:${port}`;
    return new LateenError('LATEEN_PORT_IN_USE', `port ${target}, asked for at ${place}, ${why}`, { target, hint, cause });
  }
}
