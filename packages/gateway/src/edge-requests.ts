import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Cancellation, type Http1Refusal, REFUSALS, refusalText, runInContext } from '@lateen/core';
import type { MeshClient } from '@lateen/client';
import { type RefusedHead, refusedRequest } from '@lateen/telemetry';
import type { DispatchOptions } from './dispatch-types.ts';
import { edgeContext } from './edge-context.ts';
import { EdgeExchange, type EdgeResponse, refuse } from './edge-exchange.ts';
import { callerScheme, type EdgeCaller, edgeRequestHeaders } from './edge-headers.ts';
import type { EdgeSettings } from './edge-settings.ts';
import { edgeTarget, type EdgeTarget } from './edge-target.ts';
import { UpgradeExchange } from './upgrade-exchange.ts';

/** Where a request came in. */
export interface Entrance {
  readonly scheme: 'http' | 'https';
  /** Undefined where nobody serves it any more. */
  readonly client: MeshClient | undefined;
  /** What the caller proved to be, as the mesh tells it. */
  readonly clientCertificate: string | undefined;
}

type Exchange = (EdgeExchange | UpgradeExchange) & { readonly cancellation: Cancellation };

/** Takes outside requests, reads them without trusting them, and sends them into the mesh. */
export class EdgeRequests {
  readonly #settings: EdgeSettings;
  readonly #upgraded = new Set<Duplex>();

  constructor(settings: EdgeSettings) {
    this.#settings = settings;
  }

  serve(request: IncomingMessage, response: EdgeResponse, entrance: Entrance): void {
    const caller = this.#caller(request, entrance);
    const target = this.#target(request, caller);
    if ('status' in target) {
      if (target.flag === 'DPE') response.shouldKeepAlive = false;
      refuse(response, target.status, target.body);
      return this.log(target, request);
    }
    if (!entrance.client) return refuse(response, 404);
    const exchange = new EdgeExchange(response);
    this.#dispatch(entrance.client, request, target, caller, { body: hasBody(request) ? request : null }, exchange);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, entrance: Entrance): void {
    const caller = this.#caller(request, entrance);
    const target = this.#target(request, caller);
    if ('status' in target) return this.refuseUpgrade(request, socket, target);
    if (!entrance.client) return this.refuseUpgrade(request, socket, REFUSALS.noPath);
    this.#upgraded.add(socket);
    socket.once('close', () => this.#upgraded.delete(socket));
    const upgrade = request.headers.upgrade ?? 'websocket';
    this.#dispatch(entrance.client, request, target, caller, { body: null, upgrade }, new UpgradeExchange(socket, head));
  }

  refuseUpgrade(request: IncomingMessage, socket: Duplex, refusal: Http1Refusal): void {
    socket.end(refusalText(refusal), 'latin1');
    this.log(refusal, request);
  }

  log(refusal: Http1Refusal | undefined, head?: RefusedHead): void {
    const { accessLog, clock } = this.#settings;
    if (refusal && accessLog.enabled) accessLog.write(refusedRequest('outbound', refusal, clock.wallNow(), head));
  }

  /** Ends what has left HTTP. */
  close(): void {
    for (const socket of this.#upgraded) socket.destroy();
  }

  #target(request: IncomingMessage, caller: EdgeCaller): EdgeTarget | Http1Refusal {
    return edgeTarget(request, callerScheme(request.rawHeaders, caller), this.#settings.pathNormalization);
  }

  #caller({ socket }: IncomingMessage, { scheme, clientCertificate }: Entrance): EdgeCaller {
    const { remoteAddress = 'unknown' } = socket;
    const { trustedProxies, defaults } = this.#settings;
    return {
      address: remoteAddress.startsWith('::ffff:') ? remoteAddress.slice(7) : remoteAddress,
      scheme,
      clientCertificate,
      trustedProxies,
      tellsExternalAddress: defaults === 'istio',
    };
  }

  #dispatch(
    client: MeshClient,
    request: IncomingMessage,
    { origin, authority, path }: EdgeTarget,
    caller: EdgeCaller,
    more: Pick<DispatchOptions, 'body' | 'upgrade'>,
    exchange: Exchange,
  ): void {
    const options: DispatchOptions = {
      origin,
      path,
      method: request.method as DispatchOptions['method'],
      headers: edgeRequestHeaders(request, authority, caller),
      ...more,
    };
    const context = edgeContext(request, exchange.cancellation, this.#settings.tracing);
    runInContext(context, () => client.dispatcher.dispatch(options, exchange));
  }
}

/** Whether a body follows: RFC 9112, 6.3. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
