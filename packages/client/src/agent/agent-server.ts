import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import {
  type Clock,
  currentContext,
  type Http1Refusal,
  isUpgrade,
  type ParseError,
  readRequestHead,
  refuseUnreadable,
  type RequestContext,
  runInContext,
} from '@lateen/core';
import { type AccessLog, type RefusedHead, refusedRequest } from '@lateen/telemetry';
import type { MeshDispatcher } from '../mesh-dispatcher.ts';
import { agentRequestHeaders } from './agent-headers.ts';
import { AgentResponse } from './agent-response.ts';
import { MemorySocket } from './memory-socket.ts';

/** Envoy's limit for the head of a request. */
const MAX_HEADER_BYTES = 60 * 1024;

interface Line {
  readonly origin: string;
  readonly near: MemorySocket;
  /** The request being served where the connection was asked for. */
  readonly context: RequestContext | undefined;
}

/**
 * The far end of the mesh's connections to itself: a node:http server that is never listening and dispatches what it reads into the mesh. What
 * is no HTTP/1.1 it answers as a sidecar does.
 */
export class AgentServer {
  readonly #dispatcher: MeshDispatcher;
  readonly #clock: Clock;
  readonly #accessLog: AccessLog;
  readonly #server: Server;
  readonly #lines = new WeakMap<object, Line>();
  readonly #open = new Set<MemorySocket>();

  constructor(dispatcher: MeshDispatcher, clock: Clock, accessLog: AccessLog) {
    this.#dispatcher = dispatcher;
    this.#clock = clock;
    this.#accessLog = accessLog;
    this.#server = createServer({
      requestTimeout: 0,
      headersTimeout: 0,
      keepAliveTimeout: 0,
      connectionsCheckingInterval: 0x7fffffff,
      maxHeaderSize: MAX_HEADER_BYTES,
      requireHostHeader: false,
      shouldUpgradeCallback: isUpgrade,
    });
    this.#server.maxHeadersCount = 0;
    this.#server.on('request', (request, response) => this.#forward(request, response, undefined));
    this.#server.on('upgrade', (request) => this.#upgrade(request, request.headers.upgrade ?? ''));
    this.#server.on('connect', (request) => this.#upgrade(request, undefined));
    this.#server.on('checkContinue', (request, response) => {
      response.writeContinue();
      this.#forward(request, response, undefined);
    });
    this.#server.on('clientError', (error: ParseError, socket) =>
      this.#logRefusal(refuseUnreadable(error, socket as unknown as MemorySocket)),
    );
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
    const head = readRequestHead(request);
    if ('status' in head) return this.#refuse(request, response, head);
    const line = this.#lines.get(request.socket) as Line;
    const { headers } = request;
    const hasBody = (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined;
    const options = {
      origin: line.origin,
      path: head.path || head.authority,
      method: request.method as string,
      headers: agentRequestHeaders(request, head.authority),
      body: hasBody ? request : null,
      ...(upgrade === undefined ? {} : { upgrade }),
    };
    const handler = new AgentResponse(request, response, line.near);
    runInContext(line.context, () => this.#dispatcher.dispatch(options, handler));
  }

  #refuse(request: IncomingMessage, response: ServerResponse, refusal: Http1Refusal): void {
    const { status, body } = refusal;
    response.sendDate = false;
    response.shouldKeepAlive = false;
    response.writeHead(status, { 'content-length': body.length, ...(body === '' ? {} : { 'content-type': 'text/plain' }) });
    response.end(body);
    this.#logRefusal(refusal, request);
  }

  #logRefusal(refusal: Http1Refusal | undefined, head?: RefusedHead): void {
    if (!refusal || !this.#accessLog.enabled) return;
    this.#accessLog.write(refusedRequest('outbound', refusal, this.#clock.wallNow(), head));
  }
}
