import type { IncomingHttpHeaders } from 'node:http';
import { normalizePath, removeHeader } from '@lateen/core';
import { DEADLINE_HEADER, drawAbortStatus, drawDelayMs, type Fault, type RequestBody } from '@lateen/resilience';
import type { CorsPolicy, RouteAction } from '@lateen/routing';
import type { Cluster } from '../cluster/cluster.ts';
import { cookieToMake } from '../cluster/hash-cookie.ts';
import { Attempt } from './attempt.ts';
import { CallEnding, type Phase } from './call-ending.ts';
import { type AttemptFailureKind, failureCode } from './call-failure.ts';
import { chooseDestination } from './choose-destination.ts';
import { corsGrant, preflightReply } from './cors.ts';
import { deliverResponse } from './deliver.ts';
import { BAD_PATH, directReply, faultAbort, HOST_REFUSED, type LocalReply, NO_ROUTE, redirectReply } from './local-reply.ts';
import { beginTrace, decideDeadline, inheritedDeadline, prepareAttempt, prepareRequest } from './prepare-request.ts';
import { FOUND, findHeaders, MAX_HEADER_BYTES } from './request-headers.ts';
import { bodyOf } from './request-source.ts';
import { mayRetry, needsFreshConnection, retryDelayMs } from './retry.ts';
import { takeOverHeaders } from './sidecar-headers.ts';

/** What a sidecar keeps of a body for a second try. */
const SIDECAR_BUFFER_BYTES = 1024 * 1024;

/**
 * One request out, from the application's dispatch to its answer: match, fault, rewrite, mirror, then attempts until one is delivered. It is itself the node on
 * the timer wheel (deadline, delays). How it ends is told in {@link CallEnding}.
 * Its own methods are TypeScript's `private`: the engine's `#` brands every object, 45 ns a call.
 */
export class Call extends CallEnding {
  /** Slots of endpoints that this call has tried. */
  private tried: number[] | undefined = undefined;

  start(): void {
    this.runtime.calls.add(this);
    this.handler.onRequestStart?.(this, null);
    if (this.context && this.phase !== 'done') this.context.cancellation.add(this);
    if (this.phase !== 'done') this.match();
  }

  private match(): void {
    const { request } = this;
    const { sidecar } = this.runtime;
    if (sidecar) takeOverHeaders(request.headers, request.upgrade !== null, sidecar.tellsCaller);
    findHeaders(request.headers, FOUND);
    this.requestId = FOUND.requestId;
    this.tracedByCaller = FOUND.traced;
    if (FOUND.host !== undefined) {
      request.authority = FOUND.host;
      removeHeader(request.headers, 'host');
    }
    if (this.runtime.pathNormalization !== null) {
      const path = normalizePath(request.path, this.runtime.pathNormalization);
      if (path === undefined) return this.reply(BAD_PATH);
      request.path = path;
    }
    const match = this.plan.table.match(request);
    switch (match.kind) {
      case 'passthrough':
        this.cluster = this.runtime.passthrough(request.scheme);
        return this.proceed(this.startedAt);
      case 'route':
        this.isMesh = true;
        this.route = match.route;
        this.matchedHost = match.route.host;
        if (FOUND.deadline) removeHeader(request.headers, DEADLINE_HEADER);
        if (FOUND.bytes > MAX_HEADER_BYTES) return this.refuse('LATEEN_HEADERS_TOO_LARGE');
        if (match.route.action.kind === 'forward') this.decideDestination(match.route.action);
        return match.route.fault ? this.delay(match.route.fault) : this.proceed(this.startedAt);
      case 'no-route':
        this.matchedHost = match.host;
        this.addFlag('NR');
        return this.reply(NO_ROUTE);
      case 'refused':
        return this.reply(HOST_REFUSED);
    }
  }

  /** A fault's delay comes before everything that is timed, except the deadline that was there before. */
  private delay(fault: Fault): void {
    const delayMs = drawDelayMs(fault, this.runtime.random);
    if (delayMs === 0) return this.injectAbort(fault, this.startedAt);
    this.addFlag('DI');
    this.deadline = inheritedDeadline(this);
    this.sleep('delayed', delayMs);
  }

  private injectAbort(fault: Fault, now: number): void {
    const status = drawAbortStatus(fault, this.runtime.random);
    if (status === 0) return this.proceed(now);
    this.addFlag('FI');
    this.reply(faultAbort(status, fault.abortGrpcStatus));
  }

  private proceed(now: number): void {
    const { action, cors } = this.route;
    if (cors !== undefined) {
      const reply = this.meetCors(cors);
      if (reply) return this.reply(reply);
    }
    switch (action.kind) {
      case 'forward':
        return this.forward(now);
      case 'redirect':
        return this.reply(redirectReply(action.redirect.status, action.redirect.location(this.request)));
      case 'respond':
        return this.reply(directReply(action.response.status, action.response.body));
    }
  }

  /** After faults, which a preflight meets like any request, and before everything else. */
  private meetCors(policy: CorsPolicy): LocalReply | undefined {
    this.corsGrant = corsGrant(policy, this.request);
    return preflightReply(policy, this.corsGrant, this.request);
  }

  /** Before faults, so that what they answer is told of the service that was meant. */
  private decideDestination(action: Extract<RouteAction, { kind: 'forward' }>): void {
    this.destination = chooseDestination(action, this.runtime.random);
    this.cluster = this.plan.clusters.get(this.destination.cluster);
  }

  private forward(now: number): void {
    const { runtime, request, route } = this;
    if (!this.cluster) return this.refuse('LATEEN_NO_CLUSTER', undefined, `${this.destination?.cluster} does not exist`);
    this.forwardedAt = now;
    if (this.isMesh) prepareRequest(this);
    this.commonHeaders = request.headers.length;
    decideDeadline(this, now);
    if (now >= this.deadline) return this.timeOut(now);
    if (this.deadline !== Number.POSITIVE_INFINITY) runtime.wheel.schedule(this, this.deadline);
    beginTrace(this);
    if (this.source !== null) this.body = this.readBody(route.retry.maxRetries > 0 || route.mirrors.length > 0);
    if (route.mirrors.length > 0) runtime.mirrors.onRequest(this);
    this.admit(this.cluster, now);
  }

  private readBody(mayReplay: boolean): RequestBody {
    return bodyOf(this.source, mayReplay, this.runtime.sidecar && SIDECAR_BUFFER_BYTES);
  }

  private admit(cluster: Cluster, now: number): void {
    this.admitted = true;
    if (cluster.spec.hash) this.madeCookie = cookieToMake(cluster.spec.hash.key, this.request.headers, this.runtime.random);
    if (!cluster.admission.admitRequest(now)) return this.refuse('LATEEN_OVERFLOW', undefined, 'too many requests in flight');
    this.admission = cluster.admission;
    this.try(cluster, now);
  }

  private try(cluster: Cluster, now: number): void {
    const { request } = this;
    const endpoint = cluster.pick(request, this.tried, now, this.route.retry, this.madeCookie);
    if (!endpoint) return this.refuse(cluster.health.hasOpenBreaker ? 'LATEEN_BREAKER_OPEN' : 'LATEEN_NO_HEALTHY_ENDPOINT');
    const problem = endpoint.prepare(request.authority);
    if (problem) return this.refuse(problem.code, problem);
    this.phase = 'trying';
    const attempt = new Attempt(this, endpoint, needsFreshConnection(this.attempt), now);
    this.attempt = attempt;
    prepareAttempt(this, attempt, now);
    attempt.start();
  }

  onAnswer(attempt: Attempt, headers: IncomingHttpHeaders, text: string | undefined): void {
    // Whoever works below us has the same deadline, and may say so a moment before our wheel turns: late is late.
    if (this.deadline !== Number.POSITIVE_INFINITY) {
      const now = this.runtime.clock.now();
      if (now >= this.deadline) return this.timeOut(now);
    }
    if (mayRetry(this, attempt)) {
      attempt.discard();
      return this.retry(attempt);
    }
    this.phase = 'answering';
    deliverResponse(this, attempt, headers, text);
  }

  /** An attempt ended without an answer, or in the middle of one. */
  onAttemptFailed(attempt: Attempt, error: Error, kind: AttemptFailureKind): void {
    if (kind === 'local') return this.deliverError(error, 0);
    if (this.phase === 'answering') {
      // A body cut short is the upstream's breach of protocol, whatever cut it.
      this.addFlag('UPE');
      return this.fail('LATEEN_UPSTREAM_PROTOCOL', error);
    }
    if (mayRetry(this, attempt)) return this.retry(attempt);
    this.addFlag(attempt.flag);
    const spent = this.bodyWasSpent && this.runtime.errors === 'natural';
    this.fail(spent ? 'LATEEN_BODY_NOT_REPLAYABLE' : failureCode(kind, error), error);
  }

  private retry(attempt: Attempt): void {
    const delayMs = retryDelayMs(this, attempt);
    this.retries++;
    (this.earlier ??= []).push(attempt);
    (this.tried ??= []).push(attempt.endpoint.slot);
    if (delayMs === 0) this.try(this.cluster as Cluster, attempt.endedAt);
    else this.sleep('backing-off', delayMs);
  }

  /** The wheel: a sleep is over, or time is up. */
  onDeadline(): void {
    const { clock, wheel } = this.runtime;
    const now = clock.now();
    if (now >= this.deadline) return this.timeOut(now);
    if (this.deadline !== Number.POSITIVE_INFINITY) wheel.schedule(this, this.deadline);
    if (this.phase === 'delayed') this.injectAbort(this.route.fault as Fault, now);
    else if (this.phase === 'backing-off') this.try(this.cluster as Cluster, now);
  }

  private sleep(phase: Phase, delayMs: number): void {
    const { clock, wheel } = this.runtime;
    this.phase = phase;
    wheel.schedule(this, Math.min(clock.now() + delayMs, this.deadline));
  }
}
