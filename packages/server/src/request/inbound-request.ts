import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  Cancellation,
  currentContext,
  LateenError,
  type Principal,
  type Priority,
  type RequestContext,
  type ResponseFlag,
  runInContext,
  type TraceContext,
  type WheelNode,
} from '@lateen/core';
import { deadlineFromHeader, DEADLINE_HEADER } from '@lateen/resilience';
import type { MeshSpan } from '@lateen/telemetry';
import type { Admitted } from '../admission/request-limiter.ts';
import type { InboundPort } from '../admission/inbound-port.ts';
import type { InboundConnection } from '../connection/inbound-connection.ts';
import { answerWhenBroken } from './broken-answer.ts';
import { addIstioResponseHeaders, settleIstioHeaders } from './istio-headers.ts';
import { recordInbound } from './record-inbound.ts';
import { settleRequestHeaders } from './request-headers.ts';
import type { RequestServices } from './request-services.ts';

const INBOUND = Symbol('lateen.inbound');

type Marked<T> = T & { [INBOUND]?: InboundRequest };

/**
 * One request being served: itself the context that application code runs in, the deadline's node on the timer wheel, and the record of what
 * became of it.
 */
export class InboundRequest implements RequestContext, WheelNode, Admitted {
  readonly principal: Principal | undefined;
  readonly deadline: number;
  readonly trace: TraceContext;
  readonly requestId: string;
  readonly priority: Priority = 'default';
  readonly cancellation: Cancellation = new Cancellation();
  /** Route template for metrics and spans: `/reviews/:id`. */
  route = '';
  /** Set where the mesh itself answers. */
  flag: ResponseFlag = '-';
  stage: Admitted['stage'] = 'outside';
  /** Hands the request to the application. */
  serve: () => void = () => {};

  wheelNext: WheelNode | null = null;
  wheelPrevious: WheelNode | null = null;
  wheelTick = -1;

  readonly services: RequestServices;
  readonly connection: InboundConnection;
  readonly port: InboundPort;
  readonly request: IncomingMessage;
  /** Undefined for an upgrade, which has none. */
  readonly response: ServerResponse | undefined;
  /** As it came: frameworks rewrite `request.url` while they route. */
  readonly path: string;
  readonly span: MeshSpan | undefined;
  readonly startedAt: number;

  constructor(
    services: RequestServices,
    connection: InboundConnection,
    port: InboundPort,
    request: IncomingMessage,
    response: ServerResponse | undefined,
  ) {
    const { clock, tracing, wheel, inFlight } = services;
    const { principal, forwardedClientCert } = connection;
    this.services = services;
    this.connection = connection;
    this.port = port;
    this.request = request;
    this.response = response;
    this.path = request.url ?? '';
    this.startedAt = clock.now();
    this.principal = principal;
    const parent = tracing.extract(request.rawHeaders, principal ? 'full' : 'edge');
    this.trace = tracing.child(parent, 'server');
    const isIstio = services.defaults === 'istio';
    this.requestId = settleRequestHeaders(request, forwardedClientCert, isIstio || principal !== undefined);
    if (isIstio) settleIstioHeaders(request);
    this.deadline = this.#inheritedDeadline();
    this.span = tracing.span('server', `${services.host}/*`, this.trace, parent, request.rawHeaders);
    (request as Marked<IncomingMessage>)[INBOUND] = this;
    if (hasBody(request)) request.emit = emitInContext;
    connection.active++;
    inFlight.add(this);
    if (isIstio && response) this.#answerAsIstio(response);
    if (this.deadline !== Number.POSITIVE_INFINITY) wheel.schedule(this, this.deadline);
    this.#follow(response ?? request.socket);
    if (this.startedAt >= connection.retireAt || services.isDraining()) this.retireConnection();
  }

  static of(request: IncomingMessage): InboundRequest | undefined {
    return (request as Marked<IncomingMessage>)[INBOUND];
  }

  /** Nobody waits any more: what was started for this request is stopped. The application may still answer. */
  onDeadline(): void {
    const target = `${this.request.method} ${this.path}`;
    this.cancellation.cancel(
      new LateenError('LATEEN_DEADLINE_EXCEEDED', `the caller's deadline for ${target} has passed`, { target }),
    );
  }

  /** Asks the peer to send its next request over another connection. */
  retireConnection(): void {
    if (this.response && !this.response.headersSent) this.response.shouldKeepAlive = false;
  }

  /** The answer is over, or its connection gone. */
  ended(): void {
    const { wheel, inFlight } = this.services;
    inFlight.delete(this);
    if (this.stage !== 'outside') this.port.limiter?.leave(this);
    wheel.cancel(this);
    this.connection.active--;
    if (!this.response?.writableFinished) this.cancellation.cancel(new LateenError('LATEEN_CANCELLED', 'the caller went away'));
    recordInbound(this);
  }

  /** The end of an upgraded request is that of its connection. */
  #follow(ending: ServerResponse | Duplex): void {
    (ending as Marked<typeof ending>)[INBOUND] = this;
    ending.on('close', onClose);
  }

  #answerAsIstio(response: ServerResponse): void {
    addIstioResponseHeaders(response, this.port.operation, this.services.clock, this.startedAt);
    answerWhenBroken(response, () => {
      this.flag = 'UC';
    });
  }

  /** Only a mesh peer's word counts; the gateway and plaintext callers cannot bound what happens inside. */
  #inheritedDeadline(): number {
    if (!this.principal || this.services.defaults === 'istio') return Number.POSITIVE_INFINITY;
    return deadlineFromHeader(this.request.headers[DEADLINE_HEADER] as string | undefined, this.startedAt);
  }
}

/** One function for all responses, so that a request costs no closure. */
function onClose(this: Marked<ServerResponse | Duplex>): void {
  this[INBOUND]?.ended();
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/**
 * The parser hands over what arrives later in a context of its own; listeners for the body belong to the request's. One function for all
 * requests.
 */
function emitInContext(this: IncomingMessage, ...event: unknown[]): boolean {
  const inbound = InboundRequest.of(this);
  if (currentContext() === inbound) return emit.apply(this, event as [string]);
  return runInContext(inbound, () => emit.apply(this, event as [string]));
}

const { emit } = EventEmitter.prototype;
