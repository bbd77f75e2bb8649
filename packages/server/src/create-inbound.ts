import { type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { constant, currentContext, ERRORS, localReplyBody, runInContext, sleep, TimerWheel } from '@lateen/core';
import { InboundPorts } from './admission/inbound-port.ts';
import type { InboundRules } from './admission/inbound-rules.ts';
import { ConnectionGate } from './connection/connection-gate.ts';
import { type CurrentRequest, currentRequest } from './current-request.ts';
import type { Inbound, InboundOptions } from './inbound.ts';
import type { CreateServerOptions } from './inbound-mesh.ts';
import { meshServer } from './mesh-server.ts';
import { InboundRequest } from './request/inbound-request.ts';
import { admit } from './request/admit.ts';
import type { RequestServices } from './request/request-services.ts';

/** The inbound half of a process. */
export function createInbound(options: InboundOptions): Inbound {
  return new MeshInbound(options);
}

/** How long peers that know of the drain get to leave by themselves. */
const LEAVE_MS = 1_000;
const LOOK_AGAIN_MS = 20;

class MeshInbound implements Inbound {
  readonly #options: InboundOptions;
  readonly #gate: ConnectionGate;
  readonly #services: RequestServices;
  readonly #ports: InboundPorts;
  readonly #servers = new Set<Server>();
  #draining = false;

  constructor(options: InboundOptions) {
    const { clock, tracing, accessLog, metrics, defaults, self, pathNormalization } = options;
    this.#options = options;
    this.#gate = new ConnectionGate(options);
    this.#ports = new InboundPorts(options.rules ?? constant(unlimited(self.host)));
    this.#services = {
      clock,
      wheel: new TimerWheel(clock),
      tracing,
      accessLog,
      routes: metrics.routes,
      defaults,
      pathNormalization: pathNormalization ?? (defaults === 'istio' ? 'BASE' : null),
      host: self.host,
      inFlight: new Set(),
      isDraining: () => this.#draining,
    };
  }

  get draining(): boolean {
    return this.#draining;
  }

  createServer(first: CreateServerOptions | RequestListener, second?: RequestListener): Server {
    const [options, handler] = typeof first === 'function' ? [{}, first] : [first, second as RequestListener];
    const { limits, onListening } = this.#options;
    const server = meshServer(
      { gate: this.#gate, services: this.#services, ports: this.#ports, limits, onListening },
      options,
      handler,
    );
    server.on('listening', () => this.#servers.add(server));
    server.on('close', () => this.#servers.delete(server));
    return server;
  }

  readonly serverFactory = (handler: RequestListener, options: object): Server => {
    const { servicePort, portName } = options as CreateServerOptions;
    return this.createServer({ ...(servicePort ? { servicePort } : {}), ...(portName ? { portName } : {}) }, handler);
  };

  current(): CurrentRequest | undefined {
    const context = currentContext();
    return context && currentRequest(context, this.#options.clock);
  }

  accept(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void {
    if (InboundRequest.of(request)) return next();
    if (this.#options.mode.value === 'STRICT') return this.#refusePlaintext(request, response);
    const port = this.#ports.get(request.socket.localPort ?? 0);
    const inbound = new InboundRequest(this.#services, this.#gate.adopt(request.socket), port, request, response);
    admit(inbound, () => runInContext(inbound, next));
  }

  setRoute(request: IncomingMessage, template: string): void {
    const inbound = InboundRequest.of(request);
    if (inbound) inbound.route = template;
  }

  async drain({ timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    const { clock } = this.#options;
    const { open } = this.#gate;
    const endsAt = clock.now() + timeoutMs;
    this.#draining = true;
    for (const request of this.#services.inFlight) request.retireConnection();
    // net's close stops accepting and nothing else; http's would cut idle connections that a peer may just be writing to.
    for (const server of this.#servers) NetServer.prototype.close.call(server);
    await this.#until(() => open.size === 0, Math.min(clock.now() + LEAVE_MS, endsAt));
    await this.#until(() => {
      open.endIdle();
      return open.size === 0 && this.#services.inFlight.size === 0;
    }, endsAt);
    this.close();
  }

  close(): void {
    this.#ports.close();
    this.#gate.close();
    for (const server of this.#servers) server.close();
  }

  #refusePlaintext(request: IncomingMessage, response: ServerResponse): void {
    const { status } = ERRORS.LATEEN_PLAINTEXT_REFUSED;
    this.#gate.report(request.socket, 'plaintext', "sent a request to the application's own listener, and mTLS is STRICT here");
    response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' });
    response.end(localReplyBody('LATEEN_PLAINTEXT_REFUSED'));
  }

  async #until(isDone: () => boolean, latest: number): Promise<void> {
    const { clock } = this.#options;
    while (!isDone() && clock.now() < latest) await sleep(clock, LOOK_AGAIN_MS);
  }
}

/** Where no Sidecar says anything. */
function unlimited(host: string): InboundRules {
  return { poolOf: () => undefined, operationOf: (port) => `${host}:${port}/*` };
}
