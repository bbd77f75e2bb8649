import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  type Cancellation,
  type Http1Refusal,
  LateenError,
  type ParseError,
  REFUSALS,
  refusalText,
  refuseUnreadable,
  runInContext,
} from '@lateen/core';
import { type RefusedHead, refusedRequest } from '@lateen/telemetry';
import type { MeshClient } from '@lateen/client';
import type { DispatchOptions } from './dispatch-types.ts';
import { edgeContext } from './edge-context.ts';
import { EdgeExchange, EdgeResponse, refuse } from './edge-exchange.ts';
import { callerScheme, type EdgeCaller, edgeRequestHeaders } from './edge-headers.ts';
import type { EdgeSettings } from './edge-settings.ts';
import { edgeTarget, type EdgeTarget } from './edge-target.ts';
import { UpgradeExchange } from './upgrade-exchange.ts';

/** Envoy's limit. */
const MAX_HEADER_BYTES = 60 * 1024;
/** Longer than what usual clients and balancers keep a connection, so that they close it and not we. */
const KEEP_ALIVE_MS = 75_000;

export interface EdgeListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly client: MeshClient;
  readonly settings: EdgeSettings;
  /** Where the Gateway stands that asks for the port, for messages. */
  readonly place: string;
}

/** One bound port: takes outside requests and sends them into the mesh. */
export class EdgeListener {
  /** Where requests go; another one after the Gateways of this port have changed. */
  client: MeshClient;
  readonly #options: EdgeListenerOptions;
  readonly #server: Server<typeof IncomingMessage, typeof EdgeResponse>;
  readonly #upgraded = new Set<Duplex>();
  #draining = false;

  constructor(options: EdgeListenerOptions) {
    this.#options = options;
    this.client = options.client;
    this.#server = createServer({
      ServerResponse: EdgeResponse,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      requireHostHeader: false,
    });
    this.#server.maxHeadersCount = 0;
    this.#server.on('request', (request, response) => this.#serve(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#server.on('connect', (request, socket) => this.#refuseUpgrade(request, socket, REFUSALS.noPath));
    this.#server.on('clientError', (error: ParseError, socket) => this.#log(refuseUnreadable(error, socket as Socket)));
  }

  /** @throws LateenError `LATEEN_PORT_IN_USE` */
  async listen(): Promise<AddressInfo> {
    const { host, port, place } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) => {
        const why = cause.code === 'EADDRINUSE' ? 'is in use' : `cannot be bound (${cause.message})`;
        const hint = 'stop what holds it, or move all ports with --port-offset';
        reject(
          new LateenError('LATEEN_PORT_IN_USE', `port ${host}:${port}, asked for at ${place}, ${why}`, {
            target: `${host}:${port}`,
            hint,
            cause,
          }),
        );
      });
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
    for (const socket of this.#upgraded) socket.destroy();
  }

  #serve(request: IncomingMessage, response: EdgeResponse): void {
    if (this.#draining) response.setHeader('connection', 'close');
    const caller = this.#caller(request);
    const target = edgeTarget(request, callerScheme(request.rawHeaders, caller), this.#options.settings.pathNormalization);
    if ('status' in target) {
      if (target.flag === 'DPE') response.shouldKeepAlive = false;
      refuse(response, target.status, target.body);
      return this.#log(target, request);
    }
    const exchange = new EdgeExchange(response);
    this.#dispatch(request, target, caller, { body: hasBody(request) ? request : null }, exchange);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const caller = this.#caller(request);
    const target = edgeTarget(request, callerScheme(request.rawHeaders, caller), this.#options.settings.pathNormalization);
    if ('status' in target) return this.#refuseUpgrade(request, socket, target);
    this.#upgraded.add(socket);
    socket.once('close', () => this.#upgraded.delete(socket));
    const upgrade = request.headers.upgrade ?? 'websocket';
    this.#dispatch(request, target, caller, { body: null, upgrade }, new UpgradeExchange(socket, head));
  }

  #refuseUpgrade(request: IncomingMessage, socket: Duplex, refusal: Http1Refusal): void {
    socket.end(refusalText(refusal), 'latin1');
    this.#log(refusal, request);
  }

  #caller({ socket }: IncomingMessage): EdgeCaller {
    const { remoteAddress = 'unknown' } = socket;
    const { trustedProxies, defaults } = this.#options.settings;
    return {
      address: remoteAddress.startsWith('::ffff:') ? remoteAddress.slice(7) : remoteAddress,
      scheme: 'http',
      trustedProxies,
      tellsExternalAddress: defaults === 'istio',
    };
  }

  #log(refusal: Http1Refusal | undefined, head?: RefusedHead): void {
    const { accessLog, clock } = this.#options.settings;
    if (refusal && accessLog.enabled) accessLog.write(refusedRequest('outbound', refusal, clock.wallNow(), head));
  }

  #dispatch(
    request: IncomingMessage,
    { origin, authority, path }: EdgeTarget,
    caller: EdgeCaller,
    more: Pick<DispatchOptions, 'body' | 'upgrade'>,
    exchange: (EdgeExchange | UpgradeExchange) & { readonly cancellation: Cancellation },
  ): void {
    const options: DispatchOptions = {
      origin,
      path,
      method: request.method as DispatchOptions['method'],
      headers: edgeRequestHeaders(request, authority, caller),
      ...more,
    };
    const context = edgeContext(request, exchange.cancellation, this.#options.settings.tracing);
    runInContext(context, () => this.client.dispatcher.dispatch(options, exchange));
  }
}

/** Whether a body follows: RFC 9112, 6.3. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
