import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  Cancellation,
  LateenError,
  type Principal,
  type Priority,
  type RequestContext,
  type TraceContext,
  type WheelNode,
} from '@lateen/core';
import { deadlineFromHeader, DEADLINE_HEADER } from '@lateen/resilience';
import type { MeshSpan } from '@lateen/telemetry';
import type { InboundConnection } from '../connection/inbound-connection.ts';
import { FORWARDED_CLIENT_CERT, replaceHeader } from './forwarded-client-cert.ts';
import type { RequestServices } from './request-services.ts';

const REQUEST_ID_HEADER = 'x-request-id';
const INBOUND = Symbol('lateen.inbound');

type MarkedRequest = IncomingMessage & { [INBOUND]?: InboundRequest };
type MarkedResponse = ServerResponse & { [INBOUND]?: InboundRequest };

/**
 * One request being served: itself the context that application code runs in, the deadline's node on the timer wheel, and the record of what
 * became of it.
 */
export class InboundRequest implements RequestContext, WheelNode {
  readonly principal: Principal | undefined;
  readonly deadline: number;
  readonly trace: TraceContext;
  readonly requestId: string;
  readonly priority: Priority = 'default';
  readonly cancellation: Cancellation = new Cancellation();
  /** Route template for metrics and spans: `/reviews/:id`. */
  route = '';

  wheelNext: WheelNode | null = null;
  wheelPrevious: WheelNode | null = null;
  wheelTick = -1;

  readonly #services: RequestServices;
  readonly #connection: InboundConnection;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse | undefined;
  readonly #span: MeshSpan | undefined;
  /** As it came: frameworks rewrite `request.url` on its way through their routers. */
  readonly #path: string;
  readonly #startedAt: number;
  readonly #bytesReadBefore: number;
  readonly #bytesWrittenBefore: number;

  /** @param response undefined for an upgrade, which has none */
  constructor(
    services: RequestServices,
    connection: InboundConnection,
    request: IncomingMessage,
    response: ServerResponse | undefined,
  ) {
    const { clock, tracing } = services;
    const { principal, socket } = connection;
    this.#services = services;
    this.#connection = connection;
    this.#request = request;
    this.#response = response;
    this.#path = request.url ?? '';
    this.#startedAt = clock.now();
    this.#bytesReadBefore = socket.bytesRead;
    this.#bytesWrittenBefore = socket.bytesWritten;
    this.principal = principal;
    const parent = tracing.extract(request.rawHeaders, principal ? 'full' : 'edge');
    this.trace = tracing.child(parent);
    this.requestId = takeRequestId(request, principal !== undefined);
    this.deadline = this.#inheritedDeadline();
    this.#span = tracing.span('server', services.spanName, this.trace, parent);
    replaceHeader(request, FORWARDED_CLIENT_CERT, connection.forwardedClientCert);
    (request as MarkedRequest)[INBOUND] = this;
    if (this.deadline !== Number.POSITIVE_INFINITY) services.wheel.schedule(this, this.deadline);
    if (response) this.#follow(response);
  }

  static of(request: IncomingMessage): InboundRequest | undefined {
    return (request as MarkedRequest)[INBOUND];
  }

  /** Nobody waits any more: what was started for this request is stopped. The application may still answer. */
  onDeadline(): void {
    const target = `${this.#request.method} ${this.#path}`;
    this.cancellation.cancel(
      new LateenError('LATEEN_DEADLINE_EXCEEDED', `the caller's deadline for ${target} has passed`, { target }),
    );
  }

  /** Asks the peer to send its next request over another connection. */
  retireConnection(): void {
    if (this.#response && !this.#response.headersSent) this.#response.shouldKeepAlive = false;
  }

  #follow(response: ServerResponse): void {
    (response as MarkedResponse)[INBOUND] = this;
    response.on('close', recordOnClose);
    if (this.#connection.retiring || this.#services.isDraining()) this.retireConnection();
  }

  /** Only a mesh peer's word counts; the gateway and plaintext callers cannot bound what happens inside. */
  #inheritedDeadline(): number {
    const { defaults } = this.#services;
    if (!this.principal || defaults === 'istio') return Number.POSITIVE_INFINITY;
    return deadlineFromHeader(this.#request.headers[DEADLINE_HEADER] as string | undefined, this.#startedAt);
  }

  /** Called once, when the response is over or its connection is gone. */
  record(response: ServerResponse): void {
    const { clock, wheel, inFlight } = this.#services;
    inFlight.delete(this);
    wheel.cancel(this);
    const complete = response.writableFinished;
    if (!complete) this.cancellation.cancel(new LateenError('LATEEN_CANCELLED', 'the caller went away'));
    const status = complete || response.headersSent ? response.statusCode : 0;
    const flags = complete ? '-' : 'DC';
    const durationMs = clock.now() - this.#startedAt;
    const { socket, series } = this.#connection;
    const requestBytes = socket.bytesRead - this.#bytesReadBefore;
    const responseBytes = socket.bytesWritten - this.#bytesWrittenBefore;
    series.record(status, flags, durationMs, requestBytes, responseBytes);
    if (this.#span) this.#endSpan(this.#span, status, flags);
    if (this.#services.accessLog.enabled) this.#log(status, flags, durationMs, requestBytes, responseBytes);
  }

  #endSpan(span: MeshSpan, status: number, flags: string): void {
    span.set('http.request.method', this.#request.method ?? '');
    span.set('url.path', this.#path.split('?', 1)[0] as string);
    if (this.route) span.set('http.route', this.route);
    if (this.principal) span.set('lateen.peer', this.principal.id);
    span.end(status, flags);
  }

  #log(status: number, flags: string, durationMs: number, requestBytes: number, responseBytes: number): void {
    const { accessLog, clock } = this.#services;
    const { method = '', httpVersion, headers } = this.#request;
    accessLog.write({
      direction: 'inbound',
      startTime: clock.wallNow() - durationMs,
      method,
      path: this.#path,
      protocol: `HTTP/${httpVersion}`,
      status,
      flags,
      requestBytes,
      responseBytes,
      durationMs,
      authority: headers.host ?? '',
      requestId: this.requestId,
      userAgent: headers['user-agent'] ?? '',
      upstreamHost: '',
      cluster: `inbound|${this.#connection.socket.localPort ?? 0}||`,
      routeName: this.route,
      attempts: 1,
      principal: this.principal?.id ?? '',
      traceId: this.trace.traceId,
      policy: '',
    });
  }
}

/** One function for all responses, so that a request costs no closure. */
function recordOnClose(this: ServerResponse): void {
  const inbound = (this as MarkedResponse)[INBOUND] as InboundRequest;
  inbound.record(this);
}

/** A mesh peer's id is kept, anybody else's replaced; the application sees the one that counts. */
function takeRequestId(request: IncomingMessage, trusted: boolean): string {
  const given = request.headers[REQUEST_ID_HEADER];
  if (trusted && typeof given === 'string' && given !== '' && given.length <= 128) return given;
  const own = randomUUID();
  replaceHeader(request, REQUEST_ID_HEADER, own);
  return own;
}
