import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { currentContext, type Clock, type RequestContext, runInContext } from '@lateen/core';
import type { MeshDispatcher } from '../mesh-dispatcher.ts';
import { AgentResponse, withoutHopByHop } from './agent-response.ts';
import { MemorySocket } from './memory-socket.ts';

interface Line {
  readonly origin: string;
  readonly near: MemorySocket;
  /** The request being served where the connection was asked for. */
  readonly context: RequestContext | undefined;
}

/** The far end of the mesh's connections to itself: a node:http server that is never listening and dispatches what it reads into the mesh. */
export class AgentServer {
  readonly #dispatcher: MeshDispatcher;
  readonly #clock: Clock;
  readonly #server: Server;
  readonly #lines = new WeakMap<object, Line>();
  readonly #open = new Set<MemorySocket>();

  constructor(dispatcher: MeshDispatcher, clock: Clock) {
    this.#dispatcher = dispatcher;
    this.#clock = clock;
    this.#server = createServer({
      requestTimeout: 0,
      headersTimeout: 0,
      keepAliveTimeout: 0,
      connectionsCheckingInterval: 0x7fffffff,
    });
    this.#server.on('request', (request, response) => this.#forward(request, response, undefined));
    this.#server.on('upgrade', (request) => this.#upgrade(request, request.headers.upgrade ?? ''));
    this.#server.on('connect', (request) => this.#upgrade(request, undefined));
    this.#server.on('checkContinue', (request, response) => {
      response.writeContinue();
      this.#forward(request, response, undefined);
    });
  }

  /** A connection on which HTTP/1.1 for `origin` may be spoken. */
  connect(origin: string): MemorySocket {
    const [near, far] = MemorySocket.pair(this.#clock);
    this.#lines.set(far, { origin, near, context: currentContext() });
    this.#open.add(near);
    near.once('close', () => this.#open.delete(near));
    far.on('error', () => {});
    this.#server.emit('connection', far);
    return near;
  }

  close(): void {
    this.#server.close();
    for (const near of this.#open) near.destroy();
  }

  #upgrade(request: IncomingMessage, protocol: string | undefined): void {
    const response = new ServerResponse(request);
    response.assignSocket(request.socket);
    this.#forward(request, response, protocol);
  }

  #forward(request: IncomingMessage, response: ServerResponse, upgrade: string | undefined): void {
    const line = this.#lines.get(request.socket) as Line;
    const headers = withoutHopByHop(request.rawHeaders);
    const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
    const options = {
      origin: line.origin,
      path: request.url as string,
      method: request.method as string,
      headers,
      body: hasBody && request.headers['content-length'] !== '0' ? request : null,
      ...(upgrade === undefined ? {} : { upgrade }),
    };
    const handler = new AgentResponse(request, response, line.near);
    runInContext(line.context, () => this.#dispatcher.dispatch(options, handler));
  }
}
