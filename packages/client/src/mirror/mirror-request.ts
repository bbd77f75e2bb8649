import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { WheelNode } from '@lateen/core';
import type { CallFacts } from '../call/call-facts.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { EndpointState, Verdict } from '../cluster/endpoint-state.ts';
import type { ClientRuntime } from '../runtime.ts';
import type { Exchange, TransportRequest } from '../transport/transport.ts';

/** A copy nobody waits for is given this long when its route has no timeout. */
const MAX_MIRROR_MS = 30_000;
const MAX_DRAINED_BYTES = 128 * 1024;

/** One copy of a request: sent once, its answer thrown away, accounted for in its own cluster. */
export class MirrorRequest implements Exchange, WheelNode {
  wheelNext: WheelNode | null = null;
  wheelPrevious: WheelNode | null = null;
  wheelTick = -1;
  reusedConnection = false;
  readonly needsFreshConnection = false;
  ended = false;
  readonly #runtime: ClientRuntime;
  readonly #cluster: Cluster;
  readonly #request: TransportRequest;
  readonly #call: CallFacts;
  readonly #onEnd: () => void;
  readonly #startedAt: number;
  readonly #bytes: number;
  #endpoint: EndpointState | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #received = 0;

  constructor(
    call: CallFacts,
    cluster: Cluster,
    headers: string[],
    body: TransportRequest['body'] | undefined,
    onEnd: () => void,
  ) {
    const { method, path } = call.request;
    this.#runtime = call.runtime;
    this.#call = call;
    this.#cluster = cluster;
    this.#request = { method, path, headers, body: body ?? null };
    this.#onEnd = onEnd;
    this.#startedAt = call.runtime.clock.now();
    this.#bytes = call.body.length ?? call.requestBytes;
  }

  start(): void {
    const { request, route } = this.#call;
    const endpoint = this.#cluster.pick(request, undefined, this.#startedAt);
    if (!endpoint) return this.#end(503, 'UH', 'none');
    if (endpoint.prepare(request.authority)) return this.#end(503, 'UH', 'none');
    if (!this.#cluster.admission.admitRequest(this.#startedAt)) return this.#end(503, 'UO', 'none');
    this.#endpoint = endpoint;
    endpoint.acquire();
    this.#runtime.wheel.schedule(this, this.#startedAt + (route.timeoutMs || MAX_MIRROR_MS));
    if (!endpoint.transport.dispatch(this.#request, this)) this.#end(503, 'UO', 'none');
  }

  cancel(reason: Error): void {
    this.#end(0, 'DC', 'none');
    if (this.#controller) this.#controller.abort(reason);
    else this.#endpoint?.transport.cancel(this, reason);
  }

  onDeadline(): void {
    this.#end(504, 'UT', this.#controller ? 'reset' : 'local');
    const reason = new Error('the copy took too long');
    if (this.#controller) this.#controller.abort(reason);
    else this.#endpoint?.transport.cancel(this, reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.ended) controller.abort(new Error('the copy has ended'));
  }

  onResponseStart(_controller: unknown, status: number, _headers: IncomingHttpHeaders): void {
    if (status >= 200) this.#status = status;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#received += chunk.length;
    if (this.#received <= MAX_DRAINED_BYTES) return;
    this.#end(this.#status, '-', verdictOf(this.#status));
    controller.abort(new Error('the rest of this answer is not wanted'));
  }

  onResponseEnd(): void {
    this.#end(this.#status, '-', verdictOf(this.#status));
  }

  onResponseError(): void {
    this.#end(this.#status || 503, this.#controller ? 'UC' : 'UF', this.#controller ? 'reset' : 'local');
  }

  #end(status: number, flags: string, verdict: Verdict): void {
    if (this.ended) return;
    this.ended = true;
    const now = this.#runtime.clock.now();
    if (this.wheelTick !== -1) this.#runtime.wheel.cancel(this);
    const series = this.#endpoint?.series ?? this.#cluster.series;
    series.record(status, flags, now - this.#startedAt, this.#bytes, this.#received);
    if (this.#endpoint) {
      this.#endpoint.release(verdict);
      this.#cluster.admission.requestEnded();
    }
    this.#onEnd();
  }
}

function verdictOf(status: number): Verdict {
  if (status < 500) return 'success';
  return status >= 502 && status <= 504 ? 'gateway' : '5xx';
}
