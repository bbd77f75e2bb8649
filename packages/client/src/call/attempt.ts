import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { AttemptSummary, ResponseFlag, WheelNode } from '@lateen/core';
import { observeLatency } from '@lateen/balancer';
import type { AttemptOutcome } from '@lateen/resilience';
import type { MeshSpan } from '@lateen/telemetry';
import type { EndpointState, Verdict } from '../cluster/endpoint-state.ts';
import type { Exchange, Transport, TransportFailure } from '../transport/transport.ts';
import type { Call } from './call.ts';

/** How much of an answer that nobody gets is read for the sake of the connection; beyond it the connection is closed. */
const MAX_DRAINED_BYTES = 128 * 1024;

/**
 * One try of a call at one endpoint. It is itself the handler that the transport answers to, the node on the timer wheel
 * (per-try timeout) and the record of what came of it.
 */
export class Attempt implements Exchange, WheelNode, AttemptOutcome {
  wheelNext: WheelNode | null = null;
  wheelPrevious: WheelNode | null = null;
  wheelTick = -1;

  readonly call: Call;
  readonly endpoint: EndpointState;
  readonly startedAt: number;
  readonly needsFreshConnection: boolean;
  span: MeshSpan | undefined = undefined;
  controller: Dispatcher.DispatchController | null = null;
  reusedConnection = false;
  /** Accounted for: slot released, endpoint judged. What still comes is not looked at. */
  ended = false;
  endedAt = 0;

  status = 0;
  grpcStatus = -1;
  failure: AttemptOutcome['failure'] = 'none';
  processed: AttemptOutcome['processed'] = 'no';
  rateLimited = false;
  flag: ResponseFlag = '-';
  cause: string | undefined = undefined;

  private transport: Transport | null = null;
  private drainedBytes = 0;
  /** A short answer is timed when it is complete: one look at the clock for both ends. A long or endless one when it begins. */
  private timed = false;

  constructor(call: Call, endpoint: EndpointState, needsFreshConnection: boolean, nowMs: number) {
    this.call = call;
    this.endpoint = endpoint;
    this.needsFreshConnection = needsFreshConnection;
    this.startedAt = nowMs;
  }

  start(): void {
    const { call, endpoint } = this;
    endpoint.acquire();
    const { perTryTimeoutMs } = call.route.retry;
    if (perTryTimeoutMs > 0) call.runtime.wheel.schedule(this, this.startedAt + perTryTimeoutMs);
    this.transport = endpoint.transport;
    if (!this.transport.dispatch(call.request, this)) this.overflow();
  }

  /** Given up by the call: nobody waits for it any more, down to the socket. */
  abandon(reason: Error, verdict: Verdict, nowMs: number): void {
    if (this.ended) return;
    this.end(verdict, nowMs);
    if (this.controller) this.controller.abort(reason);
    else this.transport?.cancel(this, reason);
  }

  /** What no answer says of the endpoint. */
  get silence(): Verdict {
    return this.controller ? 'reset' : 'local';
  }

  /** Given up because time ran out. */
  abandonLate(why: string, verdict: Verdict, nowMs: number): void {
    if (this.ended) return;
    this.flag = 'UT';
    this.cause = why;
    this.abandon(new Error(why), verdict, nowMs);
  }

  /** Its answer will be replaced by a later attempt's; a short rest is read so that the connection stays usable. */
  discard(): void {
    this.end(this.verdict(), this.call.runtime.clock.now());
  }

  summary(): AttemptSummary {
    const { status, flag, cause, startedAt, endedAt } = this;
    const durationMs = Math.round(Math.max(endedAt - startedAt, 0) * 100) / 100;
    return { endpoint: this.endpoint.address, status, flag, durationMs, ...(cause === undefined ? {} : { cause }) };
  }

  onDeadline(): void {
    this.failure = 'timeout';
    this.flag = 'UT';
    this.cause = `no answer within ${this.call.route.retry.perTryTimeoutMs} ms`;
    this.processed = this.controller ? 'unknown' : 'no';
    const error = new Error(this.cause);
    this.abandon(error, this.silence, this.call.runtime.clock.now());
    this.call.onAttemptFailed(this, error, 'timeout');
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.ended) controller.abort(new Error('the call has ended'));
  }

  onRequestUpgrade(_controller: unknown, status: number, headers: IncomingHttpHeaders, socket: Duplex): void {
    if (this.ended) return void socket.destroy();
    this.status = status;
    this.end('success', this.call.runtime.clock.now());
    this.call.onUpgrade(this, headers, socket);
  }

  onResponseStart(_controller: unknown, status: number, headers: IncomingHttpHeaders, statusText?: string): void {
    if (this.ended) return;
    if (status < 200) return this.call.onInformation(status, headers, statusText);
    this.status = status;
    this.processed = 'yes';
    if (this.wheelTick !== -1) this.call.runtime.wheel.cancel(this);
    const grpcStatus = headers['grpc-status'];
    if (grpcStatus !== undefined) this.grpcStatus = Number(grpcStatus);
    if (headers['x-envoy-ratelimited'] !== undefined) this.rateLimited = true;
    this.timed = isShort(headers['content-length']);
    if (!this.timed) this.observe(this.call.runtime.clock.now());
    this.call.onAnswer(this, headers, statusText);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.ended) return this.call.onData(chunk);
    this.drainedBytes += chunk.length;
    if (this.drainedBytes > MAX_DRAINED_BYTES) controller.abort(new Error('the rest of this answer is not wanted'));
  }

  onResponseEnd(_controller: unknown, trailers: IncomingHttpHeaders): void {
    if (this.ended) return;
    const now = this.call.runtime.clock.now();
    if (this.timed) this.observe(now);
    this.end(this.verdict(), now);
    this.call.onEnd(this, trailers);
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.ended) return;
    const failure = (this.transport as Transport).failure(error, this, this.controller !== null, this.status !== 0);
    this.failure = outcomeOf(failure);
    this.processed = failure.processed;
    this.flag = flagOf(failure.kind);
    this.cause = error.message;
    this.end(failure.kind === 'local' ? 'none' : this.silence, this.call.runtime.clock.now());
    this.call.onAttemptFailed(this, error, failure.kind);
  }

  onResponseStarted(): void {
    this.call.handler.onResponseStarted?.();
  }

  onBodySent(chunk: Buffer): void {
    if (!this.ended) this.call.onBodySent(chunk);
  }

  onRequestSent(): void {
    if (!this.ended) this.call.handler.onRequestSent?.();
  }

  private overflow(): void {
    this.failure = 'overflow';
    this.flag = 'UO';
    this.cause = 'the connection pool is full';
    this.end('none', this.startedAt);
    this.call.onAttemptFailed(this, new Error(this.cause), 'overflow');
  }

  private observe(nowMs: number): void {
    observeLatency(this.endpoint.cluster.table, this.endpoint.slot, nowMs - this.startedAt, nowMs);
  }

  private verdict(): Verdict {
    if (this.status < 500) return 'success';
    return this.status >= 502 && this.status <= 504 ? 'gateway' : '5xx';
  }

  private end(verdict: Verdict, nowMs: number): void {
    this.ended = true;
    this.endedAt = nowMs;
    if (this.wheelTick !== -1) this.call.runtime.wheel.cancel(this);
    this.endpoint.release(verdict);
    this.span?.end(this.status, this.flag, this.cause);
  }
}

function isShort(contentLength: string | undefined): boolean {
  return contentLength !== undefined && contentLength.length <= 5;
}

function outcomeOf({ kind }: TransportFailure): AttemptOutcome['failure'] {
  switch (kind) {
    case 'peer-refused':
      return 'connect';
    case 'headers-too-large':
      return 'protocol';
    default:
      return kind;
  }
}

function flagOf(kind: TransportFailure['kind']): ResponseFlag {
  switch (kind) {
    case 'connect':
    case 'peer-refused':
      return 'UF';
    case 'timeout':
      return 'UT';
    case 'protocol':
    case 'headers-too-large':
      return 'UPE';
    case 'reset':
      return 'UC';
    case 'local':
      return '-';
  }
}
