import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Cancellable, Cancellation, RequestContext, ResponseFlag, TraceContext, WheelNode } from '@lateen/core';
import { type RequestBody, requestBody } from '@lateen/resilience';
import type { Destination, Route } from '@lateen/routing';
import type { MeshSpan } from '@lateen/telemetry';
import type { Admission } from '../cluster/admission.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Plan } from '../plan/plan.ts';
import type { ClientRuntime } from '../runtime.ts';
import type { Attempt } from './attempt.ts';
import type { Listed } from './call-list.ts';
import type { CorsGrant } from './cors.ts';
import type { OutboundRequest } from './outbound-request.ts';

const NO_FLAGS: readonly ResponseFlag[] = [];
export const NO_BODY: RequestBody = requestBody(null);

/** All that is known of a call: its places in lists and on the wheel, what it asks for, what was decided, what came of it. */
export class CallFacts {
  wheelNext: WheelNode | null = null;
  wheelPrevious: WheelNode | null = null;
  wheelTick = -1;
  cancelNext: Cancellable | null = null;
  cancelPrevious: Cancellable | null = null;
  cancelOwner: Cancellation | null = null;
  listNext: Listed | null = null;
  listPrevious: Listed | null = null;

  readonly runtime: ClientRuntime;
  readonly request: OutboundRequest;
  readonly handler: Dispatcher.DispatchHandler;
  readonly context: RequestContext | undefined;
  /** Pinned: a new configuration is for calls that begin after it. */
  readonly plan: Plan;
  readonly startedAt: number;
  readonly originalPath: string;

  /** False for hosts that nobody configured. */
  isMesh = false;
  matchedHost = 'unknown';
  route: Route;
  destination: Destination | undefined = undefined;
  cluster: Cluster | undefined = undefined;
  admission: Admission | undefined = undefined;
  /** Monotonic ms: when it was sent on, after faults. */
  forwardedAt = 0;
  /** Monotonic ms. */
  deadline: number = Number.POSITIVE_INFINITY;
  body: RequestBody = NO_BODY;
  /** Its length is kept to ourselves: it goes out in chunks. */
  chunked = false;
  /** A retry was due and the body could not be sent again. */
  bodyWasSpent = false;
  /** The cookie that brings the caller back to the same endpoint, made for this call; empty when there is none. */
  madeCookie = '';
  /** Of a page from another origin, where the rule lets it read answers. */
  corsGrant: CorsGrant | undefined = undefined;
  /** Length of the header lines that every attempt has. */
  commonHeaders = 0;
  requestId: string | undefined = undefined;
  trace: TraceContext | undefined = undefined;
  tracedByCaller = false;
  span: MeshSpan | undefined = undefined;

  attempt: Attempt | undefined = undefined;
  earlier: Attempt[] | undefined = undefined;
  /** Whether an endpoint was looked for at least once. */
  admitted = false;
  retries = 0;
  /** Whether a retry of this call counts against its cluster's limits. */
  holdsRetry = false;
  flags: readonly ResponseFlag[] = NO_FLAGS;
  requestBytes = 0;
  responseBytes = 0;

  aborted = false;
  reason: Error | null = null;
  /** Of an answer that the mesh made or rewrote; otherwise the upstream's are asked for. */
  rewrittenHeaders: Buffer[] | undefined = undefined;

  constructor(
    runtime: ClientRuntime,
    request: OutboundRequest,
    handler: Dispatcher.DispatchHandler,
    context: RequestContext | undefined,
  ) {
    this.runtime = runtime;
    this.request = request;
    this.handler = handler;
    this.context = context;
    this.plan = runtime.plans.current;
    this.startedAt = runtime.clock.now();
    this.originalPath = request.path;
    this.route = runtime.passthroughRoute;
  }

  get attemptCount(): number {
    return this.admitted ? this.retries + 1 : 0;
  }

  endRetry(): void {
    if (this.holdsRetry) this.admission?.retryEnded();
    this.holdsRetry = false;
  }

  allAttempts(): readonly Attempt[] {
    const last = this.attempt;
    if (!last) return [];
    if (!this.earlier) return [last];
    return this.earlier.at(-1) === last ? this.earlier : [...this.earlier, last];
  }

  addFlag(flag: ResponseFlag): void {
    if (flag !== '-' && !this.flags.includes(flag)) this.flags = [...this.flags, flag];
  }

  flagText(): string {
    return this.flags.length === 0 ? '-' : this.flags.join(',');
  }

  /** What of undici's controller an application may look at. */
  get rawHeaders(): Buffer[] | string[] | IncomingHttpHeaders | null {
    return this.rewrittenHeaders ?? this.attempt?.controller?.rawHeaders ?? null;
  }

  get rawTrailers(): Buffer[] | string[] | IncomingHttpHeaders | null {
    return this.attempt?.controller?.rawTrailers ?? null;
  }

  get paused(): boolean {
    return this.attempt?.controller?.paused ?? false;
  }

  pause(): void {
    this.attempt?.controller?.pause();
  }

  resume(): void {
    this.attempt?.controller?.resume();
  }
}
