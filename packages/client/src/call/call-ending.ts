import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { type Cancellable, ERRORS, type LateenErrorCode, type RequestContext, type WheelNode } from '@lateen/core';
import type { ClientRuntime } from '../runtime.ts';
import type { Attempt } from './attempt.ts';
import { callError } from './call-failure.ts';
import { CallFacts } from './call-facts.ts';
import type { Listed } from './call-list.ts';
import { recordCall } from './call-record.ts';
import { deliverReply } from './deliver.ts';
import { grpcReply, isGrpcRequest } from './grpc-reply.ts';
import { failureReply, type LocalReply } from './local-reply.ts';
import type { OutboundRequest } from './outbound-request.ts';
import { inheritedDeadline } from './prepare-request.ts';
import { abandonBody } from './request-source.ts';

export type Phase = 'routing' | 'delayed' | 'trying' | 'backing-off' | 'answering' | 'done';

/**
 * How a call comes to its end: what arrives is handed on to the last byte; or time runs out, the application or its own caller goes away, nobody answers, or the mesh
 * answers by itself. It is the controller that the application holds, a node on the timer wheel, and a member of the inbound request's cancellation.
 */
export abstract class CallEnding extends CallFacts implements Dispatcher.DispatchController, WheelNode, Cancellable, Listed {
  protected readonly source: unknown;
  protected phase: Phase = 'routing';

  constructor(
    runtime: ClientRuntime,
    request: OutboundRequest,
    source: unknown,
    handler: Dispatcher.DispatchHandler,
    context: RequestContext | undefined,
  ) {
    super(runtime, request, handler, context);
    this.source = source;
  }

  /** The wheel: a sleep is over, or time is up. */
  abstract onDeadline(): void;

  onInformation(status: number, headers: IncomingHttpHeaders, text: string | undefined): void {
    this.handler.onResponseStart?.(this, status, headers, text);
  }

  onData(chunk: Buffer): void {
    this.responseBytes += chunk.length;
    this.handler.onResponseData?.(this, chunk);
  }

  onEnd(attempt: Attempt, trailers: IncomingHttpHeaders): void {
    this.finish(attempt.status, attempt.endedAt);
    this.handler.onResponseEnd?.(this, trailers);
  }

  onUpgrade(attempt: Attempt, headers: IncomingHttpHeaders, socket: Duplex): void {
    this.finish(attempt.status, attempt.endedAt);
    this.handler.onRequestUpgrade?.(this, attempt.status, headers, socket);
  }

  onBodySent(chunk: Buffer): void {
    this.requestBytes += chunk.length;
    this.handler.onBodySent?.(chunk);
  }

  /** The application wants no answer any more. */
  abort(reason: Error): void {
    if (this.phase === 'done') return;
    this.aborted = true;
    this.reason = reason;
    this.addFlag('DC');
    this.attempt?.abandon(reason, 'none', this.runtime.clock.now());
    this.deliverError(reason, 0);
  }

  /** The inbound request that this call serves has gone away. */
  onCancel(reason: unknown): void {
    this.cut('LATEEN_CANCELLED', reason instanceof Error ? reason : new Error('the caller went away'));
  }

  onClose(reason: Error): void {
    this.cut('LATEEN_CLOSED', reason);
  }

  protected timeOut(now: number): void {
    const inherited = this.deadline === inheritedDeadline(this);
    const code = inherited ? 'LATEEN_DEADLINE_EXCEEDED' : 'LATEEN_TIMEOUT';
    const why = inherited ? 'the deadline of the request being served has passed' : `no answer within ${this.route.timeoutMs} ms`;
    // A deadline that others set says nothing about the endpoint; the route's own timeout does.
    this.attempt?.abandonLate(why, inherited ? 'none' : this.attempt.silence, now);
    this.refuse(code, undefined, why);
  }

  private cut(code: LateenErrorCode, reason: Error): void {
    if (this.phase === 'done') return;
    this.attempt?.abandon(reason, 'none', this.runtime.clock.now());
    this.refuse(code, reason);
  }

  protected refuse(code: LateenErrorCode, cause?: unknown, why?: string): void {
    this.addFlag(ERRORS[code].flag);
    this.fail(code, cause, why);
  }

  /** No answer could be had: an error, or what a sidecar would answer. */
  protected fail(code: LateenErrorCode, cause?: unknown, why?: string): void {
    const status = code === 'LATEEN_NO_CLUSTER' ? this.route.unknownClusterStatus : ERRORS[code].status;
    const answering = this.phase === 'answering';
    const nobodyWaits = code === 'LATEEN_CANCELLED' || code === 'LATEEN_CLOSED';
    if (this.runtime.errors === 'respond' && !answering && !nobodyWaits) {
      return this.reply(failureReply(code, status, this.attemptCount > 1, cause));
    }
    const recorded = answering ? (this.attempt as Attempt).status : nobodyWaits ? 0 : status;
    this.deliverError(callError(this, code, cause, why), recorded);
  }

  protected deliverError(error: Error, status: number): void {
    abandonBody(this.source, error);
    this.finish(status, this.runtime.clock.now());
    this.handler.onResponseError?.(this, error);
  }

  protected reply(reply: LocalReply): void {
    abandonBody(this.source, new Error('the mesh answered without sending the request'));
    if (isGrpcRequest(this.request.headers)) reply = grpcReply(reply);
    this.finish(reply.status, this.runtime.clock.now());
    deliverReply(this, reply);
  }

  private finish(status: number, now: number): void {
    const { runtime, admission } = this;
    this.phase = 'done';
    if (this.wheelTick !== -1) runtime.wheel.cancel(this);
    if (this.cancelOwner) this.cancelOwner.remove(this);
    runtime.calls.remove(this);
    if (admission) {
      admission.requestEnded();
      this.endRetry();
    }
    recordCall(this, status, now);
    if (this.route.mirrors.length > 0) runtime.mirrors.onRequestEnd(this);
  }
}
